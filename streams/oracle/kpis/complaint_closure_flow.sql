-- Complaints whose present closing lies in the period / complaints accepted in it.
WITH moved AS (
    SELECT scope, day, 1 AS opened, 0 AS closed FROM complaint
    UNION ALL
    SELECT scope, day_of(closed_at), 0, 1 FROM complaint WHERE closed_at IS NOT NULL
)
SELECT p.scope, '-' AS dims, p.period, 'complaint' AS case_kind, 1 AS definition_version,
    3600 AS final_after, CASE WHEN sum(m.opened) > 0 THEN sum(m.closed) END AS numerator,
    nullif(sum(m.opened), 0) AS denominator,
    0 AS rate, count(m.day) > 0 AS present
FROM dated(['all', 'region', 'region,area_type', 'category', 'level']) AS p
LEFT JOIN moved AS m ON m.scope = p.scope AND m.day BETWEEN p.first AND p.last
GROUP BY p.scope, p.period
