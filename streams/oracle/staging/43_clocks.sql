-- How far each clock has come. Its time runs in pieces: all of it, office hours, or whole working days after day 0, less
-- the pauses; so many seconds have run where the sum of the pieces reaches them.
CREATE TABLE pause AS
WITH wait AS (
    SELECT id, instant, (value ->> 1) AS reason FROM (
        SELECT id, value, (value ->> 0)::BIGINT AS instant FROM standing
        WHERE kind = 'order' AND path = 'waiting' AND value IS NOT NULL)
    UNION ALL
    SELECT id, (value ->> 0)::BIGINT, NULL FROM standing WHERE kind = 'order' AND path = 'resumed' AND value IS NOT NULL
),
mine AS (
    SELECT r.id, r.clock, r.cycle, r.start, r.reasons, r.closed, w.instant, w.reason, lead(w.instant) OVER (
        PARTITION BY r.id, r.clock, r.cycle ORDER BY w.instant, w.reason IS NULL, coalesce(w.reason, '')) AS until
    FROM run AS r JOIN wait AS w USING (id)
    WHERE r.kind = 'order' AND len(r.reasons) > 0
        AND w.instant <= coalesce(least(r.stopped, r.voided, r.closed), getvariable('at'))
)
SELECT id, clock, cycle, greatest(instant, start) AS since, coalesce(until, closed, 253402300799) AS until FROM mine
WHERE list_contains(reasons, reason) AND coalesce(until, closed, 253402300799) > greatest(instant, start);

-- Times without a pause: before the first pause, between two pauses, after the last.
CREATE TABLE gap AS
WITH edge AS (
    SELECT kind, id, clock, cycle, 0::BIGINT AS since FROM run WHERE due IS NULL
    UNION ALL
    SELECT 'order', id, clock, cycle, until FROM pause
),
numbered AS (SELECT *, row_number() OVER (PARTITION BY kind, id, clock, cycle ORDER BY since) AS n FROM edge),
paused AS (SELECT *, row_number() OVER (PARTITION BY id, clock, cycle ORDER BY since) AS n FROM pause)
SELECT g.kind, g.id, g.clock, g.cycle, g.since, coalesce(p.since, 253402300799) AS until
FROM numbered AS g LEFT JOIN paused AS p
    ON g.kind = 'order' AND p.id = g.id AND p.clock = g.clock AND p.cycle = g.cycle AND p.n = g.n
WHERE g.since < coalesce(p.since, 253402300799);

CREATE TABLE piece AS
WITH span AS (
    SELECT 'working_days' AS unit, v.version, d.day, day_start(d.day) AS since, day_start(day_after(d.day)) AS until
    FROM working_day AS d CROSS JOIN policy_version AS v WHERE d.worked = 1
    UNION ALL
    SELECT 'working_minutes', h.version, d.day, local_instant(d.day, h.since), local_instant(d.day, h.until)
    FROM working_day AS d CROSS JOIN policy_hours AS h WHERE d.worked = 1
),
running AS (
    SELECT r.kind, r.id, r.clock, r.cycle, r.start AS since, 253402300799 AS until FROM run AS r
    WHERE r.unit = 'minutes' AND r.due IS NULL
    UNION ALL
    SELECT r.kind, r.id, r.clock, r.cycle, greatest(r.start, s.since), s.until
    FROM run AS r JOIN span AS s ON s.unit = r.unit AND s.version = r.version AND s.until > r.start
        AND s.day <= strftime(day_of(r.start)::DATE + far(r.amount, r.escalates, r.unit, r.reasons, r.start), '%Y-%m-%d')
    WHERE CASE WHEN r.unit = 'working_days' THEN s.day > day_zero(r.start, r.cutoff) ELSE s.day >= day_zero(r.start, r.cutoff) END
)
SELECT n.kind, n.id, n.clock, n.cycle, greatest(n.since, g.since) AS since, least(n.until, g.until) AS until
FROM running AS n JOIN gap AS g USING (kind, id, clock, cycle)
WHERE greatest(n.since, g.since) < least(n.until, g.until);

CREATE TABLE piece_sum AS
SELECT *, sum(until - since) OVER (PARTITION BY kind, id, clock, cycle ORDER BY since) AS passed FROM piece;

-- The limit in seconds that run: of working days the lengths of the first so many after day 0.
CREATE TABLE total AS
SELECT kind, id, clock, cycle, 60 * (amount + grace) AS seconds FROM run WHERE due IS NULL AND unit <> 'working_days'
UNION ALL
SELECT r.kind, r.id, r.clock, r.cycle, sum(day_start(day_after(d.day)) - day_start(d.day))::BIGINT
FROM run AS r JOIN working_day AS zero ON zero.day = day_zero(r.start, r.cutoff)
JOIN working_day AS d ON d.worked = 1 AND d.day > zero.day AND d.passed <= zero.passed + r.amount
WHERE r.due IS NULL AND r.unit = 'working_days' GROUP BY r.kind, r.id, r.clock, r.cycle;

-- When which share of the limit is used up; 100 is the deadline. Of a clock up to a named instant by the way from its
-- begin.
CREATE TABLE reached AS
WITH wanted AS (
    SELECT r.kind, r.id, r.clock, r.cycle, p.percent, (t.seconds * p.percent + 99) // 100 AS seconds
    FROM run AS r JOIN total AS t USING (kind, id, clock, cycle)
    CROSS JOIN LATERAL (SELECT unnest(list_concat([100], r.warns, r.escalates)) AS percent) AS p
),
due AS (SELECT * FROM run WHERE due IS NOT NULL)
SELECT w.kind, w.id, w.clock, w.cycle, w.percent, min(s.until - (s.passed - w.seconds))::BIGINT AS instant
FROM wanted AS w JOIN piece_sum AS s USING (kind, id, clock, cycle) WHERE s.passed >= w.seconds
GROUP BY w.kind, w.id, w.clock, w.cycle, w.percent
UNION ALL
SELECT kind, id, clock, cycle, 100, deadline FROM due
UNION ALL
SELECT d.kind, d.id, d.clock, d.cycle, p.percent, d.start + ((d.deadline - d.start) * p.percent + 99) // 100
FROM due AS d CROSS JOIN LATERAL (SELECT unnest(list_concat(d.warns, d.escalates)) AS percent) AS p
WHERE d.deadline > d.start;

-- A closing, or a change of the instant after it had passed, leaves the result to the deadline.
CREATE TABLE clock AS
WITH line AS (
    SELECT r.kind, r.id, r.clock, r.cycle, r.start, r.stopped, r.voided, r.closed, r.gone, r.early, r.obligation, r.due, r.warn_before,
        len(r.warns) AS warns, d.instant - CASE WHEN r.unit = 'working_days' THEN 1 ELSE 0 END AS deadline,
        count(w.instant) FILTER (w.percent < 100 AND w.instant <= getvariable('at')) AS warned,
        count(w.instant) FILTER (w.percent > 100 AND w.instant <= getvariable('at')) AS escalated
    FROM run AS r LEFT JOIN reached AS d ON d.kind = r.kind AND d.id = r.id AND d.clock = r.clock
        AND d.cycle = r.cycle AND d.percent = 100
    LEFT JOIN reached AS w ON w.kind = r.kind AND w.id = r.id AND w.clock = r.clock AND w.cycle = r.cycle
    GROUP BY ALL
),
judged AS (
    SELECT *, CASE
        WHEN gone IS NOT NULL THEN 'void'
        WHEN early THEN CASE WHEN stopped < deadline THEN 'broken' ELSE 'met' END
        WHEN voided < coalesce(stopped, voided + 1) AND voided <= coalesce(deadline, voided) THEN 'void'
        WHEN stopped IS NOT NULL THEN CASE WHEN stopped <= coalesce(deadline, stopped) THEN 'met' ELSE 'met_late' END
        WHEN coalesce(voided, closed) IS NOT NULL THEN
            CASE WHEN getvariable('at') <= coalesce(deadline, getvariable('at')) THEN 'unproven' ELSE 'broken' END
        WHEN deadline IS NULL THEN 'paused'
        WHEN getvariable('at') > deadline THEN 'breached'
        WHEN warned > 0 OR (getvariable('at') >= start AND getvariable('at') >= deadline - 60 * warn_before) THEN 'at_risk'
        ELSE 'running' END AS status
    FROM line
)
SELECT kind, id, clock, cycle, obligation, start, deadline, stopped, status, status IN ('met', 'met_late', 'broken', 'breached') AS due,
    status = 'met' AS on_time, CASE
        WHEN status = 'at_risk' THEN CASE WHEN warned < warns THEN 'early' ELSE 'late' END
        WHEN status = 'breached' THEN CASE WHEN escalated > 0 THEN 'escalated' ELSE 'breached' END END AS stage,
    CASE WHEN gone IS NOT NULL THEN gone WHEN early OR status IN ('met', 'met_late') THEN stopped
        WHEN status = 'void' THEN voided WHEN status IN ('unproven', 'broken') THEN least(voided, closed) END AS ended
FROM judged;
