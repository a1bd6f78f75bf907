-- Points without a rate for a period, because too little of it is covered.
SELECT p.scope, 'monitoring_class=' || m.name AS dims, p.period, 'point' AS case_kind, 1 AS definition_version,
    172800 AS final_after, count(v.point) FILTER (v.low) AS numerator, 1 AS denominator, 0 AS rate,
    count(v.point) FILTER (v.low) > 0 AS present
FROM dated(['all', 'region', 'region,area_type', 'area']) AS p CROSS JOIN voltage_member AS m
LEFT JOIN voltage_cell AS v ON v.scope = p.scope AND v.period = p.period AND v.class = m.class
GROUP BY p.scope, m.name, p.period
