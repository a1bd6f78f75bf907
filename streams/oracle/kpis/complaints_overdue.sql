-- Open complaints without any reply whose due day is over.
SELECT p.scope, '-' AS dims, p.period, 'complaint' AS case_kind, 2 AS definition_version,
    NULL AS final_after, count(c.id) AS numerator, 1 AS denominator, 0 AS rate, count(c.id) > 0 AS present
FROM live(['all', 'region', 'region,area_type', 'category', 'level']) AS p
LEFT JOIN (
    SELECT n.id, n.scope FROM complaint_now AS n JOIN complaint_clock AS k USING (id)
    WHERE n.open AND k.clock = 'reply' AND k.answered_at IS NULL AND getvariable('at') > k.deadline_at
) AS c ON c.scope = p.scope
GROUP BY p.scope, p.period
