-- Complaints accepted, withdrawn complaints included, by the day of acceptance.
SELECT p.scope, '-' AS dims, p.period, 'complaint' AS case_kind, 1 AS definition_version,
    3600 AS final_after, count(c.id) AS numerator, 1 AS denominator, 0 AS rate, count(c.id) > 0 AS present
FROM dated(['all', 'region', 'region,area_type', 'category', 'level']) AS p
LEFT JOIN complaint AS c ON c.scope = p.scope AND c.day BETWEEN p.first AND p.last
GROUP BY p.scope, p.period
