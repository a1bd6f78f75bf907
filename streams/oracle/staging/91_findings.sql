-- What puts customers of a value in question, by KPI: of each rule the cases (of each day) and the customers.
CREATE TABLE kpi_finding AS
WITH shown AS (
    SELECT kpi, unnest(['merged_after_start', 'split_without_end', 'area_unknown', 'customers_unknown',
        'more_affected_than_served', 'more_restored_than_remained', 'restored_disagrees_with_remaining',
        'remaining_against_event', 'case_full']) AS rule
    FROM (VALUES ('customers_out'), ('saidi'), ('saifi'), ('caidi')) AS row (kpi)
    UNION ALL
    SELECT 'outages_open', 'split_without_end'
),
-- More out in a scope than it serves: of the sum, of no case.
out_now AS (
    SELECT a.scope, k.kind, sum(s.customers) AS customers FROM step AS s JOIN outage AS o USING (id)
    JOIN area_scope AS a USING (area) JOIN outage_kind AS k ON k.member = o.kind WHERE s.until IS NULL
    GROUP BY a.scope, k.kind
)
SELECT f.kpi, p.scope, 'kind=' || k.kind AS dims, p.period, i.rule, count(DISTINCT (i.id, i.day)) AS cases,
    sum(i.customers)::BIGINT AS customers
FROM place AS p JOIN in_question AS i ON i.scope = p.scope
    AND CASE WHEN p.period = 'now' THEN i.day = 'now' ELSE i.day BETWEEN p.first AND p.last END
JOIN outage_kind AS k ON k.member = i.kind JOIN shown AS f ON f.rule = i.rule
    AND NOT (f.kpi IN ('saidi', 'saifi') AND coalesce(i.day < p.served_from, false))
    AND (p.period = 'now') = (f.kpi IN ('customers_out', 'outages_open'))
GROUP BY f.kpi, p.scope, k.kind, p.period, i.rule
UNION ALL
SELECT 'customers_out', n.scope, 'kind=' || n.kind, 'now', 'more_out_than_served', 0, (n.customers - v.customers)::BIGINT
FROM out_now AS n JOIN served AS v ON v.scope = n.scope AND v.day = (SELECT day FROM today)
WHERE n.customers > v.customers;
