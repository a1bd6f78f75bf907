-- The clocks that have begun by the read time: whose they are, their limit, what began and what ended each run.
-- A version of the policy holds for the cases that began on its first day or later; the oldest for all before.

-- The instant from which customers have to be informed of an interruption: its begin; for the first its confirmation, if that
-- was earlier, with the publications before both. An interruption without sustained customers has no such instant.
CREATE TABLE known AS
WITH stated AS (
    SELECT id, path, try_cast(value AS BIGINT) AS instant FROM standing
    WHERE kind = 'outage' AND path IN ('confirmed', 'info_fault') AND try_cast(value AS BIGINT) IS NOT NULL
),
first AS (
    SELECT id, min(instant) AS instant FROM (
        SELECT id, began AS instant FROM committed_interruption
        UNION ALL
        SELECT id, instant FROM stated WHERE path = 'confirmed'
            AND (id NOT IN (SELECT id FROM interruption_event) OR id IN (SELECT id FROM committed_interruption))
    ) GROUP BY id
)
SELECT f.id, coalesce(max(s.instant), f.instant) AS instant FROM first AS f
LEFT JOIN stated AS s ON s.id = f.id AND s.path = 'info_fault' AND s.instant <= f.instant GROUP BY f.id, f.instant
UNION ALL
SELECT id, began FROM committed_interruption QUALIFY row_number() OVER (PARTITION BY id ORDER BY began) > 1;

CREATE TABLE milestone AS
SELECT 'order' AS kind, id, name AS fact, instant FROM happened
WHERE name <> 'dispatched' OR (id, instant) NOT IN (SELECT id, instant FROM dispatch_noted_late)
UNION ALL
SELECT 'order', id, 'report', reported FROM work WHERE reported IS NOT NULL AND NOT coalesce(arrived < reported, false)
UNION ALL
SELECT 'outage', id, 'started', began FROM committed_interruption
UNION ALL
SELECT 'outage', id, 'restored', ended FROM committed_interruption WHERE ended IS NOT NULL
UNION ALL
SELECT 'outage', id, 'known', instant FROM known
UNION ALL
SELECT 'outage', id, path, try_cast(value AS BIGINT) FROM standing
WHERE kind = 'outage' AND try_cast(value AS BIGINT) IS NOT NULL
    AND (path IN ('predicted', 'confirmed', 'scheduled', 'closed') OR starts_with(path, 'info_'))
    -- Begun, and interrupted no customers for long: there is nothing that they would have to know of.
    AND NOT (path = 'confirmed' AND id IN (SELECT id FROM interruption_event) AND id NOT IN (SELECT id FROM committed_interruption))
UNION ALL
SELECT 'outage', id, 'etr_told', stated FROM version WHERE due = 'etr' AND instant IS NOT NULL
UNION ALL
SELECT 'outage', id, 'scheduled', value::BIGINT FROM standing
WHERE kind = 'outage' AND path = 'announced' AND value IS NOT NULL
UNION ALL
SELECT 'outage', id, 'notice', instant FROM notice
UNION ALL
SELECT 'complaint', id, 'accepted', accepted_at FROM complaint_statement WHERE accepted_at IS NOT NULL
UNION ALL
SELECT 'complaint', id, name, happened_at FROM complaint_course
WHERE valid AND name NOT IN ('ruled', 'survey_sent', 'rated') AND NOT (name = 'withdrawn' AND happened_at < accepted_at);

-- When a case was closed, cancelled or withdrawn, if it is now: nothing begins a clock after that, or takes the need of
-- one away, and what goes on is over. An outage that began again after it was closed is not closed. An order that was
-- closed before its report was closed with it: what a report asks for is not unsaid by an earlier closing.
CREATE TABLE closing AS
SELECT 'order' AS kind, h.id, greatest(min(h.instant), min(m.instant)) AS closed
FROM happened AS h LEFT JOIN milestone AS m ON m.kind = 'order' AND m.id = h.id AND m.fact = 'report'
WHERE h.name IN ('cancelled', 'closed') AND h.instant <= getvariable('at') GROUP BY h.id
HAVING greatest(min(h.instant), min(m.instant)) <= getvariable('at')
UNION ALL
SELECT 'complaint', id, coalesce(withdrawn_at, closed_at) FROM complaint_lifecycle
WHERE withdrawn_at IS NOT NULL OR closed_at IS NOT NULL
UNION ALL
SELECT 'outage', o.id, s.value::BIGINT FROM outage AS o JOIN standing AS s ON s.kind = 'outage' AND s.id = o.id
WHERE o.state = 'closed' AND s.path = 'closed' AND s.value::BIGINT <= getvariable('at');

CREATE TABLE subject AS
WITH first AS (
    SELECT kind, id, coalesce(min(instant) FILTER (fact IN ('report', 'started', 'accepted')), min(instant)) AS begun_at
    FROM milestone GROUP BY kind, id
),
whose AS (
    SELECT 'order' AS kind, id, [coalesce(area, '')] AS areas, work_type, NULL AS outage_kind, false AS important,
        NULL AS category, NULL AS level, reported AS begun_at FROM work
    UNION ALL
    SELECT 'outage', o.id, (SELECT list(area) FROM outage_area AS a WHERE a.id = o.id), NULL, o.stated_kind,
        o.id IN (SELECT s.id FROM standing AS s JOIN object AS c USING (n) WHERE s.kind = 'outage'
            AND s.path = 'count' AND s.value IS NOT NULL AND c.part = 'areas' AND (c.body ->> 'important')::BIGINT > 0),
        NULL, NULL, NULL FROM outage AS o
    UNION ALL
    SELECT 'complaint', id, [area], NULL, NULL, false, category, level, accepted_at FROM complaint_statement
    WHERE case_kind = 'complaint' AND accepted_at IS NOT NULL
)
SELECT w.* REPLACE (coalesce(w.begun_at, f.begun_at) AS begun_at),
    version_at(coalesce(w.begun_at, f.begun_at)) AS version
FROM whose AS w JOIN first AS f USING (kind, id);

-- Of the limits that fit a case the first; of several areas the smallest.
CREATE TABLE limited AS
WITH typed AS (
    SELECT DISTINCT s.kind, s.id, s.version, s.work_type, s.outage_kind, s.important, s.category, s.level,
        coalesce(l.area_type, 'unknown') AS area_type
    FROM (SELECT *, unnest(areas) AS area FROM subject) AS s LEFT JOIN located AS l ON l.area = s.area
),
fitting AS (
    SELECT t.kind, t.id, r.clock, t.area_type, arg_min(l.amount, l.number) AS amount
    FROM typed AS t JOIN clock_rule AS r ON r.version = t.version AND r.kind = t.kind
    JOIN clock_limit AS l ON l.version = r.version AND l.clock = r.clock
    WHERE (l.area_type IS NULL OR list_contains(l.area_type, t.area_type))
        AND (l.work_type IS NULL OR coalesce(list_contains(l.work_type, t.work_type), false))
        AND (l.outage_kind IS NULL OR coalesce(list_contains(l.outage_kind, t.outage_kind), false))
        AND (l.important IS NULL OR l.important = t.important)
        AND (l.category IS NULL OR coalesce(list_contains(l.category, t.category), false))
        AND (l.level IS NULL OR coalesce(list_contains(l.level, t.level), false))
    GROUP BY t.kind, t.id, r.clock, t.area_type
)
SELECT kind, id, clock, min(amount) AS amount FROM fitting GROUP BY kind, id, clock;

CREATE TABLE rule AS
SELECT l.kind, l.id, l.amount, s.version, cutoff_of(s.version) AS cutoff, r.* EXCLUDE (version, kind, clock), r.clock,
    c.closed
FROM limited AS l JOIN subject AS s USING (kind, id)
JOIN clock_rule AS r ON r.version = s.version AND r.clock = l.clock
LEFT JOIN closing AS c ON c.kind = l.kind AND c.id = l.id;

-- By what begins and ends a rule's clock, whatever instant it may be due at.
CREATE TABLE stretch AS
WITH past AS (SELECT * FROM milestone WHERE instant <= getvariable('at')),
begun AS (
    SELECT r.kind, r.id, r.clock, p.instant AS start, row_number() OVER w AS cycle, lead(p.instant) OVER w AS following,
        lag(p.instant) OVER w AS before
    FROM rule AS r JOIN past AS p ON p.kind = r.kind AND p.id = r.id AND list_contains(r.starts, p.fact)
    WHERE p.instant <= coalesce(r.closed, p.instant)
    WINDOW w AS (PARTITION BY r.kind, r.id, r.clock ORDER BY p.instant)
    QUALIFY r.each OR cycle = 1
),
ends AS (
    SELECT r.kind, r.id, r.clock, list_sort(list(p.instant) FILTER (list_contains(r.stops, p.fact))) AS stops,
        list_sort(list(p.instant) FILTER (list_contains(r.voids, p.fact) AND p.instant <= coalesce(r.closed, p.instant)))
            AS voids
    FROM rule AS r JOIN past AS p ON p.kind = r.kind AND p.id = r.id GROUP BY r.kind, r.id, r.clock
)
SELECT r.*, b.start, b.cycle,
    -- A fact that ended the previous run in the second in which this run began does not end this run, too.
    CASE WHEN NOT r.each AND r.due IS NULL THEN e.stops[1]
        WHEN r.each AND list_filter(e.stops, lambda t: t >= b.before)[1] = b.start
            THEN list_filter(e.stops, lambda t: t >= b.start)[2]
        ELSE list_filter(e.stops, lambda t: t >= b.start)[1] END AS stopped,
    CASE WHEN NOT r.each AND r.due IS NULL THEN e.voids[1]
        ELSE least(list_filter(e.voids, lambda t: t >= b.start)[1], CASE WHEN r.each THEN b.following END) END AS voided,
    e.voids[1] AS first_void
FROM rule AS r JOIN begun AS b USING (kind, id, clock) JOIN ends AS e USING (kind, id, clock);

-- Which versions were in force when, and until when.
CREATE TABLE in_force AS
SELECT *, lead(stated) OVER (PARTITION BY id, due ORDER BY number) AS following FROM version
WHERE stated <= getvariable('at');

CREATE TABLE run AS
SELECT kind, id, amount, version, cutoff, each, due, early, obligation, unit, grace, warns, warn_before, escalates, reasons, clock, start, cycle,
    stopped, voided, closed, NULL::BIGINT AS gone, NULL::BIGINT AS deadline
FROM stretch WHERE due IS NULL
UNION ALL
-- An estimate, or the end of a plan: each version that was in force during the interruption. An estimate for an instant
-- before its begin belongs to it only if it was stated during it; a begin after the end of the plan is late.
-- Replaced up to that instant it is gone; replaced after it, it is over, and stays what it was.
SELECT kind, id, amount, version, cutoff, each, due, early, obligation, unit, grace, warns, warn_before, escalates, reasons, clock,
    greatest(start, stated), cycle + 10000 * (row_number() OVER (PARTITION BY kind, id, clock, cycle ORDER BY number) - 1),
    stopped, voided,
    CASE WHEN replaced > instant THEN least(replaced, closed) ELSE closed END,
    CASE WHEN replaced <= instant THEN replaced END, instant + 60 * (amount + grace)
FROM (
    SELECT s.*, v.number, v.stated, v.instant, least(s.stopped, s.voided) AS over,
        CASE WHEN v.following < coalesce(over, v.following + 1) THEN v.following END AS replaced
    FROM stretch AS s JOIN in_force AS v ON v.id = s.id AND v.due = s.due
    WHERE s.due <> 'plan_start' AND coalesce(v.following > s.start, true) AND v.instant IS NOT NULL
        AND (s.due <> 'etr' OR v.instant > s.start OR v.stated >= s.start)
        AND NOT (v.stated > s.start AND coalesce(v.stated >= over, false))
)
UNION ALL
-- The begin of a plan: the version in force when the interruption began, until then the last one; those before are gone.
SELECT kind, id, amount, version, cutoff, each, due, early, obligation, unit, grace, warns, warn_before, escalates, reasons, clock, stated, number,
    CASE WHEN number = last THEN least(published, other) END, CASE WHEN number = last THEN first_void END,
    CASE WHEN number = last THEN closed END, CASE WHEN number < last THEN following END,
    -- What begins before the notice of its plan was due had to be made known by its begin.
    CASE WHEN early THEN instant + 60 * (amount - grace) ELSE least(instant + 60 * (amount + grace), began) END
FROM (
    SELECT s.*, v.number, v.stated, v.instant, v.following, v.assumed, b.began,
        max(v.number) OVER (PARTITION BY s.kind, s.id, s.clock) AS last,
        CASE WHEN list_contains(s.stops, 'notice') THEN (SELECT min(p.instant) FROM proof AS p
            WHERE p.id = s.id AND p.number = v.number AND p.instant <= getvariable('at')) END AS published,
        (SELECT min(m.instant) FROM milestone AS m WHERE m.kind = 'outage' AND m.id = s.id AND m.fact <> 'notice'
            AND list_contains(s.stops, m.fact) AND m.instant <= getvariable('at')) AS other
    FROM stretch AS s JOIN in_force AS v ON v.id = s.id AND v.due = s.due LEFT JOIN outage_begin AS b ON b.id = s.id
    WHERE s.due = 'plan_start' AND v.stated <= coalesce(b.began, v.stated) AND s.cycle = 1
)
WHERE instant IS NOT NULL AND NOT (early AND (assumed OR began IS NULL));
