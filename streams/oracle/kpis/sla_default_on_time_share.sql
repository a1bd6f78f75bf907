-- Met / met or past their deadline, of the clocks whose limit is a default of gridpulse.
SELECT p.scope, '-' AS dims, p.period, 'order' AS case_kind, 1 AS definition_version,
    1814400 AS final_after, CASE WHEN count(c.id) > 0 THEN count(c.id) FILTER (c.on_time) END AS numerator,
    nullif(count(c.id), 0) AS denominator, 0 AS rate, count(c.id) > 0 AS present
FROM dated(['all', 'region']) AS p
LEFT JOIN clock_day AS c ON c.scope = p.scope AND c.obligation = 'default' AND c.day BETWEEN p.first AND p.last
GROUP BY p.scope, p.period
