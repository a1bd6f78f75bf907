-- Seconds that should have been measured: of each phase all of every day from the point's first on, of today until now.
CREATE TABLE voltage_expected AS
SELECT p.area, p.point, c.day, p.phases, p.phases * (least(c.ends, getvariable('at')) - c.starts) AS seconds,
    CASE WHEN c.ends > getvariable('at') THEN p.phases ELSE 0 END AS rate, c.ends <= getvariable('at') AS over
FROM voltage_point AS p JOIN calendar AS c ON c.day >= p.expected_from AND c.starts <= getvariable('at')
    AND c.day::DATE >= (SELECT day::DATE - 400 FROM today);  -- older days are not kept

-- The value of each phase that holds now, and since when the phase has been out of limits without interruption. Of a
-- floating point it is out when the day so far is, by what was measured on it.
CREATE TABLE voltage_holds AS
WITH verdict AS (
    SELECT s.area, s.point, s.phase, s.slot, s.silent_from,
        CASE s.verdict WHEN 'floating' THEN coalesce(j.verdict, 'compliant') ELSE s.verdict END AS verdict
    FROM voltage_segment AS s
    LEFT JOIN voltage_judged AS j ON j.area = s.area AND j.point = s.point AND j.day = day_of(getvariable('at'))
        AND s.slot >= day_start(j.day)
),
followed AS (
    SELECT *, verdict IN ('over', 'under') AS out, lag(silent_from) OVER w AS before_stop,
        lag(verdict IN ('over', 'under')) OVER w AS before_out
    FROM verdict WINDOW w AS (PARTITION BY area, point, phase ORDER BY slot)
),
run AS (
    SELECT *, sum(CASE WHEN out AND before_out AND before_stop = slot THEN 0 ELSE 1 END)
        OVER (PARTITION BY area, point, phase ORDER BY slot) AS run
    FROM followed
),
spanned AS (SELECT *, min(slot) OVER (PARTITION BY area, point, phase, run) AS since FROM run)
SELECT area, point, phase, verdict, out, getvariable('at') - since > 900 AS long FROM spanned
WHERE slot <= getvariable('at') AND silent_from > getvariable('at');

CREATE TABLE voltage_now AS
SELECT p.area, p.point, p.class,
    CASE WHEN bool_or(h.verdict = 'over') THEN 'over' WHEN bool_or(h.out) THEN 'under' END AS direction,
    CASE WHEN bool_or(h.verdict = 'over' AND h.long) THEN 'over' WHEN bool_or(h.out AND h.long) THEN 'under' END
        AS long,
    coalesce(bool_or(h.verdict = 'suspect') AND NOT bool_or(h.out), false) AS suspect,
    -- Where values come in batches: not before one and a half intervals of delivery after the last one was read.
    count(h.phase) = 0 AND coalesce((SELECT max(s.read_at) FROM voltage_segment AS s WHERE s.area = p.area
        AND s.point = p.point AND s.slot <= getvariable('at')) + any_value(p.delivery) * 3 // 2 <= getvariable('at'), true)
        AS silent,
    any_value(p.listed AND p.first_slot IS NULL AND p.expected_from <= day_of(getvariable('at'))) AS missing
FROM voltage_point AS p LEFT JOIN voltage_holds AS h USING (area, point) GROUP BY p.area, p.point, p.class;

INSERT INTO content
SELECT DISTINCT s.scope, d.day, 'point', d.area FROM (
    SELECT area, day FROM voltage_day
    UNION
    SELECT area, day FROM voltage_expected
    UNION
    SELECT area, 'now' FROM voltage_now
) AS d JOIN voltage_scope AS s USING (area);
