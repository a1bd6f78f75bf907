-- Outages that are neither restored, closed nor cancelled, by what is known of them.
WITH counted AS (
    SELECT id, kind, state, scope FROM open_outage
    UNION ALL
    SELECT o.id, o.kind, o.state, s.scope FROM outage AS o JOIN outage_scope AS s USING (id) WHERE NOT o.open
)
SELECT p.scope, 'kind=' || k.kind || ',state=' || n.state AS dims, p.period, 'outage' AS case_kind, 2 AS definition_version,
    NULL AS final_after, count(o.id) AS numerator, 1 AS denominator, 0 AS rate, count(o.id) > 0 AS present
FROM live(['all', 'region', 'region,area_type']) AS p CROSS JOIN outage_kind AS k
CROSS JOIN (SELECT unnest(['predicted', 'confirmed', 'scheduled', 'announced', 'active', 'partially_restored',
    'contradictory', 'incomplete']) AS state) AS n
LEFT JOIN counted AS o ON o.scope = p.scope AND o.kind = k.member AND o.state = n.state
GROUP BY p.scope, k.kind, n.state, p.period
