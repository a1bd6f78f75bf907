-- Mean time from the start of an outage to its full restoration, by the day of the restoration.
SELECT p.scope, 'kind=' || k.kind AS dims, p.period, 'outage' AS case_kind, 2 AS definition_version,
    3600 AS final_after, sum(r.seconds) AS numerator, nullif(60 * count(r.id), 0) AS denominator, 0 AS rate, count(r.id) > 0 AS present
FROM dated(['all', 'region', 'region,area_type']) AS p CROSS JOIN outage_kind AS k
LEFT JOIN restoration AS r ON r.scope = p.scope AND r.day BETWEEN p.first AND p.last AND r.kind = k.member
GROUP BY p.scope, k.kind, p.period
