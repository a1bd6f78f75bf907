-- Intake: customer cases of every kind, withdrawn cases included, by the day of acceptance.
WITH kind AS (
    SELECT unnest(['complaint', 'fault_report', 'report', 'enquiry', 'suggestion', 'service_request', 'praise',
        'other']) AS kind
),
member AS (SELECT kind AS name, kind FROM kind UNION ALL SELECT 'all', kind FROM kind)
SELECT p.scope, 'case_kind=' || m.name AS dims, p.period, 'complaint' AS case_kind, 1 AS definition_version,
    3600 AS final_after, count(c.id) AS numerator, 1 AS denominator, 0 AS rate, count(c.id) > 0 AS present
FROM dated(['all', 'region', 'region,area_type', 'category', 'level']) AS p CROSS JOIN member AS m
LEFT JOIN accepted_case AS c ON c.scope = p.scope AND c.day BETWEEN p.first AND p.last AND c.case_kind = m.kind
GROUP BY p.scope, m.name, p.period
