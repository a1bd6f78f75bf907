-- Median of the whole minutes (rounded up) from report to first arrival: nearest rank, ceil(50 % of n), no interpolation.
SELECT p.scope, '-' AS dims, p.period, 'order' AS case_kind, 1 AS definition_version,
    18000 AS final_after, (list(a.minutes ORDER BY a.minutes) FILTER (a.id IS NOT NULL))[(50 * count(a.id) + 99) // 100] AS numerator,
    CASE WHEN count(a.id) > 0 THEN 1 END AS denominator, 0 AS rate, count(a.id) > 0 AS present
FROM dated(['all', 'region', 'region,area_type', 'crew']) AS p
LEFT JOIN arrival AS a ON a.scope = p.scope AND a.day BETWEEN p.first AND p.last AND a.seconds IS NOT NULL
GROUP BY p.scope, p.period
