-- Mean of the rates of points with enough coverage: time within limits / monitored time, of each point over the whole period.
SELECT p.scope, 'monitoring_class=' || m.name AS dims, p.period, 'point' AS case_kind, 2 AS definition_version,
    172800 AS final_after, sum(v.ppb) AS numerator, 1000000000 * nullif(count(v.ppb), 0) AS denominator,
    0 AS rate, count(v.ppb) > 0 AS present
FROM dated(['all', 'region', 'region,area_type', 'area']) AS p CROSS JOIN voltage_member AS m
LEFT JOIN voltage_cell AS v ON v.scope = p.scope AND v.period = p.period AND v.class = m.class
GROUP BY p.scope, m.name, p.period
