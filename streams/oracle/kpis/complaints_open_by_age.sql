-- Open complaints by the working days since their acceptance.
WITH aged AS (
    SELECT c.id, c.scope, ['wd_0_1', 'wd_2_3', 'wd_4_5', 'wd_6_7', 'wd_gt_7'][
        least(greatest(now.passed - zero.passed, 0) // 2, 4)::BIGINT + 1] AS age
    FROM complaint_now AS c JOIN working_day AS zero ON zero.day = c.day_zero
    JOIN working_day AS now ON now.day = day_of(getvariable('at'))
    WHERE c.open
)
SELECT p.scope, 'age=' || n.age AS dims, p.period, 'complaint' AS case_kind, 1 AS definition_version,
    NULL AS final_after, count(a.id) AS numerator, 1 AS denominator, 0 AS rate, count(a.id) > 0 AS present
FROM live(['all', 'region', 'region,area_type', 'category', 'level']) AS p
CROSS JOIN (SELECT unnest(['wd_0_1', 'wd_2_3', 'wd_4_5', 'wd_6_7', 'wd_gt_7']) AS age) AS n
LEFT JOIN aged AS a ON a.scope = p.scope AND a.age = n.age
GROUP BY p.scope, n.age, p.period
