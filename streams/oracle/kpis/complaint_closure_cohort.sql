-- Of the complaints accepted in the period and not withdrawn, the share that is closed now.
SELECT p.scope, '-' AS dims, p.period, 'complaint' AS case_kind, 1 AS definition_version,
    1814400 AS final_after,
    CASE WHEN count(c.id) > 0 THEN count(c.id) FILTER (c.closed_at IS NOT NULL) END AS numerator,
    nullif(count(c.id), 0) AS denominator, 0 AS rate, count(c.id) > 0 AS present
FROM dated(['all', 'region', 'region,area_type', 'category', 'level']) AS p
LEFT JOIN complaint AS c ON c.scope = p.scope AND c.day BETWEEN p.first AND p.last AND c.withdrawn_at IS NULL
GROUP BY p.scope, p.period
