-- Open outages by the time since their present interruption began.
WITH aged AS (
    SELECT *, CASE
        WHEN age < 3600 THEN 'lt_1h'
        WHEN age < 4 * 3600 THEN '1h_4h'
        WHEN age < 8 * 3600 THEN '4h_8h'
        WHEN age < 24 * 3600 THEN '8h_24h'
        ELSE 'ge_24h' END AS bucket
    FROM (SELECT *, getvariable('at') - began AS age FROM open_outage)
)
SELECT p.scope, 'kind=' || k.kind || ',age=' || n.bucket AS dims, p.period, 'outage' AS case_kind, 2 AS definition_version,
    NULL AS final_after, count(o.id) AS numerator, 1 AS denominator, 0 AS rate, count(o.id) > 0 AS present
FROM live(['all', 'region', 'region,area_type']) AS p CROSS JOIN outage_kind AS k
CROSS JOIN (SELECT unnest(['lt_1h', '1h_4h', '4h_8h', '8h_24h', 'ge_24h']) AS bucket) AS n
LEFT JOIN aged AS o ON o.scope = p.scope AND o.kind = k.member AND o.bucket = n.bucket
GROUP BY p.scope, k.kind, n.bucket, p.period
