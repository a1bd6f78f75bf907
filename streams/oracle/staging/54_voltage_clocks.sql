-- Clocks of points that the network has. What a value says of a phase, from its slot on until it does not hold any more, and what follows it.
CREATE TABLE voltage_told AS
SELECT s.area, s.point, s.phase, s.slot AS since, s.silent_from AS until, s.interval, s.read_at,
    s.verdict IN ('over', 'under') AS out,
    s.verdict IN ('over', 'under') AND s.value * 100 NOT BETWEEN 85 * p.nominal AND 115 * p.nominal AS severe,
    greatest(s.interval, p.delivery) AS heard_interval, greatest(s.silent_from, s.read_at + p.delivery * 3 // 2) AS heard_until,
    lead(s.verdict) OVER w AS next_verdict, coalesce(lead(s.slot) OVER w = s.silent_from, false) AS followed
FROM voltage_segment AS s JOIN voltage_point AS p USING (area, point) WHERE p.listed
WINDOW w AS (PARTITION BY s.area, s.point, s.phase ORDER BY s.slot);

-- Of all phases together: pieces that touch are one island. Between two islands of values that hold a point is silent.
CREATE TABLE voltage_island AS
WITH piece AS (
    SELECT 'out' AS fact, area, point, since, until, interval, read_at,
        CASE WHEN NOT followed THEN 'unknown' WHEN next_verdict = 'compliant' THEN 'within'
            WHEN next_verdict NOT IN ('over', 'under') THEN 'unknown' END AS ends
    FROM voltage_told WHERE out
    UNION ALL
    SELECT 'severe', area, point, since, until, interval, read_at,
        CASE WHEN followed AND next_verdict IN ('over', 'under', 'compliant') THEN 'eased' ELSE 'unknown' END
    FROM voltage_told WHERE severe
    UNION ALL
    -- Batches of values: it is heard of until the next one is overdue.
    SELECT 'heard', area, point, since, heard_until, heard_interval, read_at, NULL FROM voltage_told
),
reached AS (
    SELECT *, max(until) OVER (PARTITION BY fact, area, point ORDER BY since, until
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
    FROM piece
),
numbered AS (
    SELECT *, count(*) FILTER (before IS NULL OR since > before) OVER (PARTITION BY fact, area, point
        ORDER BY since, until ROWS UNBOUNDED PRECEDING) AS island
    FROM reached
),
ended AS (SELECT *, max(until) OVER (PARTITION BY fact, area, point, island) AS ended FROM numbered)
SELECT fact, area, point, min(since) AS since, any_value(ended) AS until,
    list_distinct(list(ends) FILTER (until = ended)) AS ends,
    max({r: read_at, i: interval}) FILTER (until = ended) AS last
FROM ended GROUP BY fact, area, point, island;

CREATE TABLE voltage_run AS
WITH run AS (
    SELECT fact, area, point, since AS start, since AS begins, until AS ended, coalesce(ends, []) AS ends, 0 AS interval
    FROM voltage_island WHERE fact <> 'heard'
    UNION ALL
    SELECT 'silent', area, point, last.r, until, lead(since) OVER (PARTITION BY area, point ORDER BY since), ['heard'], last.i
    FROM voltage_island WHERE fact = 'heard'
)
SELECT * REPLACE (CASE WHEN ended <= getvariable('at') THEN ended END AS ended), version_at(start) AS version
FROM run WHERE begins <= getvariable('at');

-- Each run is a clock, numbered by its begin; of the limits that fit the type of the area the first holds.
CREATE TABLE voltage_clock AS
WITH fitting AS (
    SELECT v.*, r.clock, r.warns, r.escalates, r.warn_before, r.unit, r.grace,
        CASE WHEN len(list_intersect(r.stops, v.ends)) > 0 THEN v.ended END AS stopped,
        CASE WHEN len(list_intersect(r.voids, v.ends)) > 0 THEN v.ended END AS voided,
        (SELECT arg_min(l.amount, l.number) FROM clock_limit AS l WHERE l.version = r.version AND l.clock = r.clock
            AND (l.area_type IS NULL OR list_contains(l.area_type, o.area_type))) AS amount
    FROM voltage_run AS v JOIN located AS o USING (area)
    JOIN clock_rule AS r ON r.version = v.version AND r.kind = 'point' AND list_contains(r.starts, v.fact)
),
limited AS (
    SELECT *, amount * CASE unit WHEN 'intervals' THEN interval ELSE 60 END + 60 * grace AS length,
        start + amount * CASE unit WHEN 'intervals' THEN interval ELSE 60 END + 60 * grace AS deadline
    FROM fitting WHERE amount IS NOT NULL
),
passed AS (
    SELECT *, len(list_filter(warns, lambda p: start + (length * p + 99) // 100 <= getvariable('at'))) AS warned,
        len(list_filter(escalates, lambda p: start + (length * p + 99) // 100 <= getvariable('at'))) AS escalated
    FROM limited
),
judged AS (
    SELECT *, CASE
        WHEN stopped IS NOT NULL THEN CASE WHEN stopped <= deadline THEN 'met' ELSE 'met_late' END
        WHEN voided IS NOT NULL THEN CASE WHEN voided <= deadline THEN 'void' ELSE 'broken' END
        WHEN getvariable('at') > deadline THEN 'breached'
        WHEN warned > 0 OR (warn_before IS NOT NULL AND getvariable('at') >= greatest(start, deadline - 60 * warn_before)) THEN 'at_risk'
        ELSE 'running' END AS status
    FROM passed
)
SELECT area, point, clock, start, deadline, status, status = 'met' AS on_time,
    status IN ('met', 'met_late', 'broken', 'breached') AS due, CASE
        WHEN status = 'at_risk' THEN CASE WHEN warned < len(warns) THEN 'early' ELSE 'late' END
        WHEN status = 'breached' THEN CASE WHEN escalated > 0 THEN 'escalated' ELSE 'breached' END END AS stage
FROM judged;

INSERT INTO clock (kind, id, clock, cycle, start, deadline, status, due, on_time, stage)
SELECT 'point', key_part(area) || '/' || key_part(point), clock, start, start, deadline, status, due, on_time, stage FROM voltage_clock;

CREATE TABLE voltage_clock_now AS
SELECT c.area, c.point, c.clock, c.stage, s.scope FROM voltage_clock AS c JOIN voltage_scope AS s USING (area)
WHERE c.stage IS NOT NULL;

CREATE TABLE voltage_clock_day AS
SELECT c.area, c.point, c.clock, c.on_time, s.scope, d.day FROM voltage_clock AS c JOIN voltage_scope AS s USING (area)
JOIN calendar AS d ON c.start >= d.starts AND c.start < d.ends WHERE c.due;

CREATE TABLE voltage_clock_name AS
WITH said AS (SELECT unnest(['L15a', 'L15b', 'L17']) AS clock)
SELECT clock, clock AS member FROM said UNION ALL SELECT 'all', clock FROM said;

CREATE TABLE voltage_clock_stage AS
SELECT n.clock, n.member, s.stage FROM voltage_clock_name AS n
CROSS JOIN (SELECT unnest(['early', 'late', 'breached', 'escalated']) AS stage) AS s;

INSERT INTO content
SELECT DISTINCT scope, 'now', 'point', area FROM voltage_clock_now
UNION
SELECT DISTINCT scope, day, 'point', area FROM voltage_clock_day;
