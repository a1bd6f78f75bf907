-- Repair orders reached within the limit of their area type / orders due, reached or late, by the day of the report.
SELECT p.scope, '-' AS dims, p.period, 'order' AS case_kind, 2 AS definition_version,
    18000 AS final_after, CASE WHEN count(a.id) > 0 THEN count(a.id) FILTER (a.on_time) END AS numerator,
    nullif(count(a.id), 0) AS denominator, 0 AS rate, count(a.id) > 0 AS present
FROM dated(['all', 'region', 'region,area_type', 'crew']) AS p
LEFT JOIN arrival AS a ON a.scope = p.scope AND a.day BETWEEN p.first AND p.last
GROUP BY p.scope, p.period
