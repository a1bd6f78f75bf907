-- Clocks met / clocks met or past their deadline, per clock, by the day on which they started.
SELECT p.scope, 'clock=' || d.clock AS dims, p.period, 'order' AS case_kind, 2 AS definition_version,
    1814400 AS final_after, CASE WHEN count(c.id) > 0 THEN count(c.id) FILTER (c.on_time) END AS numerator,
    nullif(count(c.id), 0) AS denominator, 0 AS rate, count(c.id) > 0 AS present
FROM dated(['all', 'region']) AS p CROSS JOIN (SELECT * FROM clock_name WHERE clock <> 'all') AS d
LEFT JOIN clock_day AS c ON c.scope = p.scope AND c.clock = d.member AND c.day BETWEEN p.first AND p.last
GROUP BY p.scope, d.clock, p.period
