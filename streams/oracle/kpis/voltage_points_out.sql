-- Points whose value that holds now is out of limits; over goes before under.
WITH direction AS (
    SELECT unnest(['over', 'under', 'all', 'all']) AS name, unnest(['over', 'under', 'over', 'under']) AS direction
)
SELECT p.scope, 'direction=' || d.name || ',monitoring_class=' || m.name AS dims, p.period, 'point' AS case_kind,
    1 AS definition_version, NULL AS final_after, count(o.point) AS numerator, 1 AS denominator, 0 AS rate,
    count(o.point) > 0 AS present
FROM live(['all', 'region', 'region,area_type', 'area']) AS p CROSS JOIN direction AS d CROSS JOIN voltage_member AS m
LEFT JOIN (
    SELECT s.scope, v.point, v.class, v.direction FROM voltage_now AS v JOIN voltage_scope AS s USING (area)
    WHERE v.direction IS NOT NULL
) AS o ON o.scope = p.scope AND o.direction = d.direction AND o.class = m.class
GROUP BY p.scope, d.name, m.name, p.period
