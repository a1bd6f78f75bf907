-- Points that pass the week / points that pass or fail it.
SELECT p.scope, 'monitoring_class=' || m.name AS dims, p.period, 'point' AS case_kind, 2 AS definition_version,
    172800 AS final_after, CASE WHEN count(w.point) > 0 THEN count(*) FILTER (w.passed) END AS numerator,
    nullif(count(w.point), 0) AS denominator, 0 AS rate, count(w.point) > 0 AS present
FROM weekly(['all', 'region', 'region,area_type', 'area']) AS p CROSS JOIN voltage_member AS m
LEFT JOIN (SELECT s.scope, w.* FROM voltage_week AS w JOIN voltage_scope AS s USING (area)
    WHERE w.passed IS NOT NULL) AS w
    ON w.scope = p.scope AND w.period = p.period AND w.class = m.class
GROUP BY p.scope, m.name, p.period
