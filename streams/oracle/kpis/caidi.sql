-- CAIDI (IEEE 1366): customer-minutes of sustained interruption / customer interruptions.
SELECT p.scope, 'kind=' || k.kind AS dims, p.period, 'outage' AS case_kind, 2 AS definition_version,
    3600 AS final_after, sum(i.seconds) AS numerator, 60 * sum(i.customers) AS denominator, coalesce(sum(i.rate), 0) AS rate,
    count(i.id) > 0 AS present
FROM dated(['all', 'region', 'region,area_type']) AS p CROSS JOIN outage_kind AS k
LEFT JOIN interruption AS i ON i.scope = p.scope AND i.day BETWEEN p.first AND p.last AND i.kind = k.member
GROUP BY p.scope, k.kind, p.period
