-- Clocks of points kept / kept or past their deadline, by the day on which they began.
SELECT p.scope, 'clock=' || d.clock AS dims, p.period, 'point' AS case_kind, 1 AS definition_version,
    172800 AS final_after, CASE WHEN count(c.point) > 0 THEN count(c.point) FILTER (c.on_time) END AS numerator,
    nullif(count(c.point), 0) AS denominator, 0 AS rate, count(c.point) > 0 AS present
FROM dated(['all', 'region']) AS p CROSS JOIN voltage_clock_name AS d
LEFT JOIN voltage_clock_day AS c ON c.scope = p.scope AND c.clock = d.member AND c.day BETWEEN p.first AND p.last
GROUP BY p.scope, d.clock, p.period
