-- A unit error: a power of ten brings the value to within 20 % of the nominal voltage.
CREATE MACRO unit_error(value, nominal) AS len(list_filter([10, 100, 1000],
    lambda p: 5 * abs(value * p - nominal) <= nominal OR 5 * abs(value - nominal * p) <= nominal * p)) > 0;

-- What holds of each point, phase and slot: within a source the greatest version, of the sources' winners the greatest
-- (rank, recorded_at, source). A value that is not known covers nothing, nor does it end another.
CREATE TABLE voltage_segment AS
WITH version AS (
    SELECT *, row_number() OVER (PARTITION BY area, point, phase, slot, source
        ORDER BY revision DESC, rank DESC, recorded_at DESC, value DESC, qualities DESC, interval DESC, kind DESC
    ) AS age
    FROM voltage_value WHERE seen <= getvariable('at')
),
holding AS (
    SELECT * FROM version WHERE age = 1
    QUALIFY row_number() OVER (PARTITION BY area, point, phase, slot
        ORDER BY rank DESC, recorded_at DESC, source DESC) = 1
),
followed AS (
    SELECT *, lead(slot) OVER (PARTITION BY area, point, phase ORDER BY slot) AS next FROM holding
    WHERE value IS NOT NULL
)
-- Means count once their interval is over, instantaneous values as far as the last full five minutes.
SELECT f.area, f.point, f.phase, f.slot, f.value, f.kind = 'mean' AND f.interval = 600 AS ten_minutes,
    f.interval, f.slot + CASE f.kind WHEN 'mean' THEN f.interval ELSE 0 END AS read_at,
    -- Until when it speaks of now: a mean that nothing followed, for one and a half of its intervals after its end.
    least(f.slot + f.length + CASE f.kind WHEN 'mean' THEN f.interval * 3 // 2 ELSE 0 END, f.next) AS silent_from,
    CASE WHEN f.kind = 'instantaneous' THEN greatest(f.slot, least(f.slot + f.length, f.next,
            getvariable('at')::BIGINT // 300 * 300))
        WHEN least(f.slot + f.length, f.next) <= getvariable('at') THEN least(f.slot + f.length, f.next)
        ELSE f.slot END AS counted,
    CASE
        WHEN NOT f.usable OR p.nominal IS NULL THEN 'excluded'
        -- How to read it nobody knows: its phase, its kind or its stamp is on no list.
        WHEN list_contains(f.qualities, 20) THEN 'suspect'
        -- At low voltage below a fifth of the nominal voltage, above it below a tenth.
        WHEN f.value * CASE WHEN p.low_voltage THEN 5 ELSE 10 END < p.nominal
            OR f.value >= 2 * p.nominal OR unit_error(f.value, p.nominal) THEN 'suspect'
        WHEN p.floating THEN 'floating'
        WHEN f.value > p.high THEN 'over'
        WHEN f.value < p.low THEN 'under'
        ELSE 'compliant'
    END AS verdict
FROM followed AS f JOIN voltage_point AS p USING (area, point);

-- Seconds per local day. At 35 kV and above the day as a whole is judged by the greatest deviations of its values.
CREATE TABLE voltage_piece AS
SELECT s.area, s.point, s.phase, s.value, c.day, s.verdict,
    least(s.counted, c.ends) - greatest(s.slot, c.starts) AS seconds
FROM voltage_segment AS s JOIN calendar AS c ON s.slot < c.ends AND s.counted > c.starts
WHERE s.counted > s.slot;

CREATE TABLE voltage_judged AS
WITH deviation AS (
    SELECT area, point, day, max(value) - any_value(nominal) AS up, min(value) - any_value(nominal) AS down,
        any_value(nominal) AS nominal
    FROM voltage_piece JOIN voltage_point USING (area, point) WHERE verdict = 'floating' GROUP BY area, point, day
)
SELECT area, point, day, CASE
    WHEN 10 * CASE WHEN up > 0 AND down < 0 THEN up - down ELSE greatest(abs(up), abs(down)) END <= nominal
        THEN 'compliant'
    WHEN up >= abs(down) THEN 'over' ELSE 'under' END AS verdict
FROM deviation;

CREATE TABLE voltage_part AS
SELECT p.area, p.point, p.phase, p.day, p.seconds,
    CASE p.verdict WHEN 'floating' THEN j.verdict ELSE p.verdict END AS verdict
FROM voltage_piece AS p LEFT JOIN voltage_judged AS j USING (area, point, day);

-- Per point and local day.
CREATE TABLE voltage_day AS
SELECT area, point, day,
    coalesce(sum(seconds) FILTER (verdict = 'compliant'), 0) AS compliant,
    coalesce(sum(seconds) FILTER (verdict = 'over'), 0) AS over,
    coalesce(sum(seconds) FILTER (verdict = 'under'), 0) AS under,
    coalesce(sum(seconds) FILTER (verdict = 'excluded'), 0) AS excluded
FROM voltage_part GROUP BY area, point, day;
