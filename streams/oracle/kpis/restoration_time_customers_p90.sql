-- The 90th percentile of the customers' whole minutes (rounded up) without supply, sustained interruptions: nearest
-- rank, ceil(90 % of n), no interpolation.
SELECT scope, dims, period, 'outage' AS case_kind, 1 AS definition_version, 3600 AS final_after,
    min(minutes) FILTER (100 * passed >= 90 * customers) AS numerator,
    CASE WHEN max(customers) > 0 THEN 1 END AS denominator, 0 AS rate, coalesce(max(customers) > 0, false) AS present
FROM (
    SELECT p.scope, 'kind=' || k.kind AS dims, p.period, r.minutes,
        sum(sum(r.customers)) OVER (PARTITION BY p.scope, k.kind, p.period ORDER BY r.minutes) AS passed,
        sum(sum(r.customers)) OVER (PARTITION BY p.scope, k.kind, p.period) AS customers
    FROM dated(['all', 'region', 'region,area_type']) AS p CROSS JOIN outage_kind AS k
    LEFT JOIN customer_return AS r ON r.scope = p.scope AND r.day BETWEEN p.first AND p.last AND r.kind = k.member
    GROUP BY p.scope, k.kind, p.period, r.minutes
) GROUP BY scope, dims, period
