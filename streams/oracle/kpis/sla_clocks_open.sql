-- Clocks at risk or breached that nothing has ended, by clock and by how far they are.
SELECT p.scope, 'clock=' || d.clock || ',stage=' || d.stage AS dims, p.period, 'order' AS case_kind,
    2 AS definition_version, NULL AS final_after, count(c.id) AS numerator, 1 AS denominator, 0 AS rate,
    count(c.id) > 0 AS present
FROM live(['all', 'region']) AS p CROSS JOIN clock_stage AS d
LEFT JOIN clock_now AS c ON c.scope = p.scope AND c.clock = d.member AND c.stage = d.stage
GROUP BY p.scope, d.clock, d.stage, p.period
