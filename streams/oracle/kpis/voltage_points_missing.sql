-- Points of the network of which values are expected by now, and none ever came.
SELECT p.scope, 'monitoring_class=' || m.name AS dims, p.period, 'point' AS case_kind, 1 AS definition_version,
    NULL AS final_after, count(o.point) AS numerator, 1 AS denominator, 0 AS rate, count(o.point) > 0 AS present
FROM live(['all', 'region', 'region,area_type', 'area']) AS p CROSS JOIN voltage_member AS m
LEFT JOIN (
    SELECT s.scope, v.point, v.class FROM voltage_now AS v JOIN voltage_scope AS s USING (area) WHERE v.missing
) AS o ON o.scope = p.scope AND o.class = m.class
GROUP BY p.scope, m.name, p.period
