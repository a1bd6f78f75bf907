-- Complaints reopened after their first closing, each once / complaints closed at all, by the day of the first closing.
SELECT p.scope, '-' AS dims, p.period, 'complaint' AS case_kind, 1 AS definition_version,
    1814400 AS final_after, CASE WHEN count(c.id) > 0 THEN count(c.id) FILTER (c.reopened) END AS numerator,
    nullif(count(c.id), 0) AS denominator, 0 AS rate, count(c.id) > 0 AS present
FROM dated(['all', 'region', 'region,area_type', 'category', 'level']) AS p
LEFT JOIN (
    SELECT id, scope, reopened, day_of(first_closed_at) AS day FROM complaint WHERE first_closed_at IS NOT NULL
) AS c ON c.scope = p.scope AND c.day BETWEEN p.first AND p.last
GROUP BY p.scope, p.period
