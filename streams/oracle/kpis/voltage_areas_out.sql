-- Areas with at least one point out of limits in that direction.
SELECT p.scope, 'direction=' || d.direction AS dims, p.period, 'point' AS case_kind, 1 AS definition_version,
    NULL AS final_after, count(DISTINCT o.area) AS numerator, 1 AS denominator, 0 AS rate, count(o.area) > 0 AS present
FROM live(['all', 'region', 'region,area_type']) AS p CROSS JOIN (SELECT unnest(['over', 'under']) AS direction) AS d
LEFT JOIN (
    SELECT s.scope, v.area, v.direction FROM voltage_now AS v JOIN voltage_scope AS s USING (area)
) AS o ON o.scope = p.scope AND o.direction = d.direction
GROUP BY p.scope, d.direction, p.period
