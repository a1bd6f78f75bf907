-- SAIFI (IEEE 1366): sustained customer interruptions / customers served, as for SAIDI.
SELECT p.scope, 'kind=' || k.kind AS dims, p.period, 'outage' AS case_kind, 2 AS definition_version,
    3600 AS final_after, CASE WHEN p.customer_days > 0 AND NOT coalesce(bool_or(i.unserved) FILTER (i.day >= p.served_from), false)
        THEN coalesce(sum(i.customers) FILTER (i.day >= p.served_from), 0) * p.served_days END AS numerator,
    CASE WHEN numerator IS NOT NULL THEN p.customer_days END AS denominator, 0 AS rate, count(i.id) > 0 AS present,
    CASE WHEN numerator IS NOT NULL AND p.served_from > p.first THEN p.served_from END AS since
FROM dated(['all', 'region', 'region,area_type']) AS p CROSS JOIN outage_kind AS k
LEFT JOIN interruption AS i ON i.scope = p.scope AND i.day BETWEEN p.first AND p.last AND i.kind = k.member
GROUP BY p.scope, k.kind, p.period, p.first, p.served_days, p.served_from, p.customer_days
