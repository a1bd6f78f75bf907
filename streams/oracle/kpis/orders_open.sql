-- Open work orders: neither closed nor cancelled, by state.
WITH state AS (
    SELECT unnest(['created', 'dispatched', 'accepted', 'en_route', 'on_site', 'waiting', 'field_complete', 'returned',
        'incomplete']) AS state
),
member AS (SELECT state AS name, state FROM state UNION ALL SELECT 'all', state FROM state)
SELECT p.scope, 'state=' || m.name AS dims, p.period, 'order' AS case_kind, 1 AS definition_version,
    NULL AS final_after, count(o.id) AS numerator, 1 AS denominator, 0 AS rate, count(o.id) > 0 AS present
FROM live(['all', 'region', 'region,area_type', 'crew']) AS p CROSS JOIN member AS m
LEFT JOIN open_order AS o ON o.scope = p.scope AND o.state = m.state
GROUP BY p.scope, m.name, p.period
