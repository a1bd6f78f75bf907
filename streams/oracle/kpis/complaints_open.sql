-- Open complaints: accepted, neither closed nor withdrawn, and not in contradiction.
SELECT p.scope, '-' AS dims, p.period, 'complaint' AS case_kind, 1 AS definition_version,
    NULL AS final_after, count(c.id) AS numerator, 1 AS denominator, 0 AS rate, count(c.id) > 0 AS present
FROM live(['all', 'region', 'region,area_type', 'category', 'level']) AS p
LEFT JOIN complaint_now AS c ON c.scope = p.scope AND c.open
GROUP BY p.scope, p.period
