-- Points with valid 10-minute means in the week, too few to say whether they pass it.
SELECT p.scope, 'monitoring_class=' || m.name AS dims, p.period, 'point' AS case_kind, 1 AS definition_version,
    172800 AS final_after, count(w.point) AS numerator, 1 AS denominator, 0 AS rate, count(w.point) > 0 AS present
FROM weekly(['all', 'region', 'region,area_type', 'area']) AS p CROSS JOIN voltage_member AS m
LEFT JOIN (
    SELECT s.scope, w.* FROM voltage_week AS w JOIN voltage_scope AS s USING (area) WHERE w.passed IS NULL
) AS w ON w.scope = p.scope AND w.period = p.period AND w.class = m.class
GROUP BY p.scope, m.name, p.period
