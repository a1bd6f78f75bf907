-- Open outages: started and not restored, also without customers.
SELECT p.scope, 'kind=' || k.kind AS dims, p.period, 'outage' AS case_kind, 2 AS definition_version,
    NULL AS final_after, count(o.id) AS numerator, 1 AS denominator, 0 AS rate, count(o.id) > 0 AS present
FROM live(['all', 'region', 'region,area_type']) AS p CROSS JOIN outage_kind AS k
LEFT JOIN open_outage AS o ON o.scope = p.scope AND o.kind = k.member
GROUP BY p.scope, k.kind, p.period
