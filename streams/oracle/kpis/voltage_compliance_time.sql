-- Time within limits / monitored time, of all points together.
SELECT p.scope, 'monitoring_class=' || m.name AS dims, p.period, 'point' AS case_kind, 1 AS definition_version,
    172800 AS final_after, CASE WHEN sum(v.monitored) > 0 THEN sum(v.compliant) END AS numerator,
    nullif(sum(v.monitored), 0) AS denominator, 0 AS rate, coalesce(sum(v.monitored), 0) > 0 AS present
FROM dated(['all', 'region', 'region,area_type', 'area']) AS p CROSS JOIN voltage_member AS m
LEFT JOIN voltage_cell AS v ON v.scope = p.scope AND v.period = p.period AND v.class = m.class
GROUP BY p.scope, m.name, p.period
