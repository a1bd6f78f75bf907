-- Clocks past their deadline, ended or not, by the day on which they began.
SELECT p.scope, 'clock=' || d.clock AS dims, p.period, 'order' AS case_kind, 2 AS definition_version,
    1814400 AS final_after, count(c.id) FILTER (NOT c.on_time) AS numerator, 1 AS denominator, 0 AS rate,
    count(c.id) > 0 AS present
FROM dated(['all', 'region']) AS p CROSS JOIN clock_name AS d
LEFT JOIN clock_day AS c ON c.scope = p.scope AND c.clock = d.member AND c.day BETWEEN p.first AND p.last
GROUP BY p.scope, d.clock, p.period
