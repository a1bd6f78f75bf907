-- SAIDI (IEEE 1366, event-start, live): customer-minutes of sustained interruption / customers served, over the days of
-- the period the mean of the daily numbers.
SELECT p.scope, 'kind=' || k.kind AS dims, p.period, 'outage' AS case_kind, 2 AS definition_version,
    3600 AS final_after, CASE WHEN p.customer_days > 0 THEN coalesce(sum(i.seconds), 0) * p.days END AS numerator,
    CASE WHEN p.customer_days > 0 THEN 60 * p.customer_days END AS denominator,
    coalesce(sum(i.rate), 0) * p.days AS rate, count(i.id) > 0 AS present
FROM dated(['all', 'region', 'region,area_type']) AS p CROSS JOIN outage_kind AS k
LEFT JOIN interruption AS i ON i.scope = p.scope AND i.day BETWEEN p.first AND p.last AND i.kind = k.member
GROUP BY p.scope, k.kind, p.period, p.days, p.customer_days
