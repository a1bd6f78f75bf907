-- Complaints whose present closing lies in the period, whenever they were accepted: each once.
SELECT p.scope, '-' AS dims, p.period, 'complaint' AS case_kind, 1 AS definition_version,
    3600 AS final_after, count(c.id) AS numerator, 1 AS denominator, 0 AS rate, count(c.id) > 0 AS present
FROM dated(['all', 'region', 'region,area_type', 'category', 'level']) AS p
LEFT JOIN (
    SELECT id, scope, day_of(closed_at) AS day FROM complaint WHERE closed_at IS NOT NULL
) AS c ON c.scope = p.scope AND c.day BETWEEN p.first AND p.last
GROUP BY p.scope, p.period
