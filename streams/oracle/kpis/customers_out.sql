-- Customers out: customers without supply, over all open outages, by place.
SELECT p.scope, 'kind=' || k.kind AS dims, p.period, 'outage' AS case_kind, 2 AS definition_version,
    NULL AS final_after, coalesce(sum(o.customers), 0) AS numerator, 1 AS denominator, 0 AS rate, count(o.customers) > 0 AS present
FROM live(['all', 'region', 'region,area_type']) AS p CROSS JOIN outage_kind AS k
LEFT JOIN (
    SELECT a.scope, o.kind, s.customers FROM step AS s JOIN outage AS o USING (id) JOIN area_scope AS a USING (area)
    WHERE s.until IS NULL AND s.customers > 0
) AS o ON o.scope = p.scope AND o.kind = k.member
GROUP BY p.scope, k.kind, p.period
