-- 90th percentile of the whole minutes (rounded up) from start to full restoration: nearest rank, ceil(90 % of n), no interpolation.
SELECT p.scope, 'kind=' || k.kind AS dims, p.period, 'outage' AS case_kind, 2 AS definition_version,
    3600 AS final_after, (list(r.minutes ORDER BY r.minutes) FILTER (r.id IS NOT NULL))[(90 * count(r.id) + 99) // 100] AS numerator,
    CASE WHEN count(r.id) > 0 THEN 1 END AS denominator, 0 AS rate, count(r.id) > 0 AS present
FROM dated(['all', 'region', 'region,area_type']) AS p CROSS JOIN outage_kind AS k
LEFT JOIN restoration AS r ON r.scope = p.scope AND r.day BETWEEN p.first AND p.last AND r.kind = k.member
GROUP BY p.scope, k.kind, p.period
