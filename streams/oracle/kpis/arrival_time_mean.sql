-- Mean time from the report to the first arrival, repair orders, by the day of the report.
SELECT p.scope, '-' AS dims, p.period, 'order' AS case_kind, 1 AS definition_version,
    18000 AS final_after, sum(a.seconds) AS numerator, nullif(60 * count(a.id), 0) AS denominator, 0 AS rate, count(a.id) > 0 AS present
FROM dated(['all', 'region', 'region,area_type', 'crew']) AS p
LEFT JOIN arrival AS a ON a.scope = p.scope AND a.day BETWEEN p.first AND p.last AND a.seconds IS NOT NULL
GROUP BY p.scope, p.period
