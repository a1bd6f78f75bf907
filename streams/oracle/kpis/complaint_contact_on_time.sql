-- Complaints whose customer was spoken to within so many hours / complaints contacted or past that deadline.
SELECT p.scope, '-' AS dims, p.period, 'complaint' AS case_kind, 2 AS definition_version,
    90000 AS final_after, CASE WHEN count(c.id) > 0 THEN count(c.id) FILTER (c.on_time) END AS numerator,
    nullif(count(c.id), 0) AS denominator, 0 AS rate, count(c.id) > 0 AS present
FROM dated(['all', 'region', 'region,area_type', 'category', 'level']) AS p
LEFT JOIN (
    SELECT o.id, o.scope, o.day, k.on_time FROM complaint AS o JOIN complaint_clock AS k USING (id)
    WHERE k.clock = 'contact' AND k.due
) AS c ON c.scope = p.scope AND c.day BETWEEN p.first AND p.last
GROUP BY p.scope, p.period
