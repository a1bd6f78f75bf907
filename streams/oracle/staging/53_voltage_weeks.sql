-- EN 50160, up to 1 kV: of the 10-minute means that begin in a local week, by phase, how many are valid (over by now,
-- usable, not suspect), how many of these lie outside +-10 % of the nominal voltage, how many outside +10 %/-15 %.
CREATE TABLE voltage_phase_week AS
SELECT s.area, s.point, s.phase, week_of(c.day) AS period, count(*) AS valid,
    count(*) FILTER (s.value * 10 NOT BETWEEN 9 * p.nominal AND 11 * p.nominal) AS outside,
    count(*) FILTER (s.value * 20 NOT BETWEEN 17 * p.nominal AND 22 * p.nominal) AS beyond
FROM voltage_segment AS s JOIN voltage_point AS p USING (area, point)
JOIN calendar AS c ON s.slot >= c.starts AND s.slot < c.ends
WHERE s.ten_minutes AND s.counted > s.slot AND s.verdict IN ('compliant', 'over', 'under')
    AND p.nominal * p.ratio <= 100000
GROUP BY s.area, s.point, s.phase, week_of(c.day);

-- A point passes when each of its phases does.
CREATE TABLE voltage_week AS
SELECT w.area, w.point, any_value(p.class) AS class, w.period, bool_and(beyond = 0 AND outside * 20 <= valid) AS passed
FROM voltage_phase_week AS w JOIN voltage_point AS p USING (area, point) GROUP BY w.area, w.point, w.period;
