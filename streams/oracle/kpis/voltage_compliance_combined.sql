-- Combined: half class A, half the mean of those of B, C and D that have monitored points; each class's mean of points
-- in whole parts per billion, rounded half to even.
WITH class AS (
    SELECT scope, period, class, sum(ppb) // count(ppb) + CASE
        WHEN 2 * (sum(ppb) % count(ppb)) + sum(ppb) // count(ppb) % 2 > count(ppb) THEN 1 ELSE 0 END AS rate
    FROM voltage_cell WHERE ppb IS NOT NULL AND class <> 'unknown' GROUP BY scope, period, class
),
half AS (
    SELECT scope, period, max(rate) FILTER (class = 'A') AS first, sum(rate) FILTER (class <> 'A') AS others,
        count(rate) FILTER (class <> 'A') AS number
    FROM class GROUP BY scope, period
)
SELECT p.scope, '-' AS dims, p.period, 'point' AS case_kind, 2 AS definition_version, 172800 AS final_after,
    CASE WHEN h.number > 0 THEN h.number * h.first + h.others END AS numerator,
    CASE WHEN h.first IS NOT NULL THEN 2000000000 * nullif(h.number, 0) END AS denominator, 0 AS rate,
    h.scope IS NOT NULL AS present
FROM dated(['all', 'region', 'region,area_type']) AS p LEFT JOIN half AS h ON h.scope = p.scope AND h.period = p.period
