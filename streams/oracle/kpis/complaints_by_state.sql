-- Complaints that are neither closed nor withdrawn, by what is known of them; cases whose acceptance is not known yet.
SELECT p.scope, 'state=' || n.state AS dims, p.period, 'complaint' AS case_kind, 1 AS definition_version,
    NULL AS final_after, count(c.id) AS numerator, 1 AS denominator, 0 AS rate, count(c.id) > 0 AS present
FROM live(['all', 'region', 'region,area_type', 'category', 'level']) AS p
CROSS JOIN (SELECT unnest(['accepted', 'assigned', 'in_progress', 'replied', 'reopened', 'returned', 'contradictory',
    'incomplete']) AS state) AS n
LEFT JOIN complaint_now AS c ON c.scope = p.scope AND c.state = n.state
GROUP BY p.scope, n.state, p.period
