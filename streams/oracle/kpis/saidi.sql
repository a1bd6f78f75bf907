-- SAIDI (IEEE 1366, event-start, live): customer-minutes of sustained interruption / customers served, over the days of
-- the period the mean of the daily numbers, over the days on which all areas of the scope have customers served. No value
-- where customers of an area without customers served are interrupted.
SELECT p.scope, 'kind=' || k.kind AS dims, p.period, 'outage' AS case_kind, 2 AS definition_version,
    3600 AS final_after, CASE WHEN p.customer_days > 0 AND NOT coalesce(bool_or(i.unserved) FILTER (i.day >= p.served_from), false)
        THEN coalesce(sum(i.seconds) FILTER (i.day >= p.served_from), 0) * p.served_days END AS numerator,
    CASE WHEN numerator IS NOT NULL THEN 60 * p.customer_days END AS denominator,
    coalesce(sum(i.rate) FILTER (i.day >= p.served_from), 0) * p.served_days AS rate, count(i.id) > 0 AS present,
    CASE WHEN numerator IS NOT NULL AND p.served_from > p.first THEN p.served_from END AS since
FROM dated(['all', 'region', 'region,area_type']) AS p CROSS JOIN outage_kind AS k
LEFT JOIN interruption AS i ON i.scope = p.scope AND i.day BETWEEN p.first AND p.last AND i.kind = k.member
GROUP BY p.scope, k.kind, p.period, p.first, p.served_days, p.served_from, p.customer_days
