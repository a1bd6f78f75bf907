-- EN 50160, up to 1 kV: of the 10-minute means that begin in a local week, by phase, how many are valid (over by now,
-- usable, not suspect), how many of these lie outside +-10 % of the nominal voltage, how many outside +10 %/-15 %.
CREATE TABLE voltage_phase_week AS
SELECT s.area, s.point, s.phase, week_of(c.day) AS period, count(*) AS valid,
    count(*) FILTER (s.value * 10 NOT BETWEEN 9 * p.nominal AND 11 * p.nominal) AS outside,
    count(*) FILTER (s.value * 20 NOT BETWEEN 17 * p.nominal AND 22 * p.nominal) AS beyond
FROM voltage_segment AS s JOIN voltage_point AS p USING (area, point)
JOIN calendar AS c ON s.slot >= c.starts AND s.slot < c.ends
WHERE s.ten_minutes AND s.counted > s.slot AND s.verdict IN ('compliant', 'over', 'under')
    AND p.low_voltage
GROUP BY s.area, s.point, s.phase, week_of(c.day);

-- A phase is judged if enough of the 10-minute means of its week are there. A point fails when a phase does, and passes
-- when as many phases as it has do; else its week is unknown (passed is null).
CREATE TABLE voltage_week AS
WITH week AS (
    SELECT week_of(day) AS period, sum(ends - starts) // 600 AS slots FROM calendar GROUP BY week_of(day)
    HAVING count(*) = 7
),
phase AS (
    SELECT w.*, valid * 100 >= k.slots * getvariable('voltage_week_min_share_percent') AS judged,
        beyond = 0 AND outside * 20 <= valid AS passed
    FROM voltage_phase_week AS w JOIN week AS k USING (period)
)
SELECT w.area, w.point, any_value(p.class) AS class, w.period, CASE
    WHEN bool_or(judged AND NOT passed) THEN false
    WHEN bool_and(judged) AND count(*) >= any_value(CASE WHEN p.listed THEN p.phases ELSE 1 END) THEN true END AS passed
FROM phase AS w JOIN voltage_point AS p USING (area, point) GROUP BY w.area, w.point, w.period;
