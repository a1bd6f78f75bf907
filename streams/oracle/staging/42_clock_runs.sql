-- The clocks that have begun by the read time: whose they are, their limit, what began and what ended each run.
-- A version of the policy holds for the cases that began on its first day or later; the oldest for all before.
CREATE TABLE moment AS
SELECT 'order' AS kind, id, name AS fact, instant FROM happened
UNION ALL
SELECT 'order', id, 'report', reported FROM work WHERE reported IS NOT NULL AND NOT coalesce(arrived < reported, false)
UNION ALL
SELECT 'outage', id, 'started', began FROM promised_episode
UNION ALL
SELECT 'outage', id, 'restored', ended FROM promised_episode WHERE ended IS NOT NULL
UNION ALL
SELECT 'outage', id, path, try_cast(value AS BIGINT) FROM standing
WHERE kind = 'outage' AND try_cast(value AS BIGINT) IS NOT NULL
    AND (path IN ('predicted', 'confirmed', 'scheduled', 'closed', 'etr_told') OR starts_with(path, 'info_'))
    -- Begun, and interrupted no customers for long: there is nothing that they would have to know of.
    AND NOT (path = 'confirmed' AND id IN (SELECT id FROM episode) AND id NOT IN (SELECT id FROM promised_episode))
UNION ALL
SELECT 'outage', id, unnest(['scheduled', 'notice']), value::BIGINT FROM standing
WHERE kind = 'outage' AND path = 'announced' AND value IS NOT NULL
UNION ALL
SELECT 'outage', id, 'notice', (value ->> 0)::BIGINT FROM standing
WHERE kind = 'outage' AND path = 'plan' AND value ->> 0 IS NOT NULL
UNION ALL
SELECT 'complaint', id, 'accepted', accepted_at FROM complaint_said WHERE accepted_at IS NOT NULL
UNION ALL
SELECT 'complaint', id, name, happened_at FROM complaint_course
WHERE valid AND name NOT IN ('ruled', 'survey_sent', 'rated') AND NOT (name = 'withdrawn' AND happened_at < accepted_at);

CREATE TABLE named AS
SELECT id, path AS due, value::BIGINT AS instant FROM standing
WHERE kind = 'outage' AND path = 'etr' AND value IS NOT NULL
UNION ALL
SELECT id, 'plan_start', (value ->> 2)::BIGINT FROM standing
WHERE kind = 'outage' AND path = 'plan' AND value IS NOT NULL
UNION ALL
SELECT id, 'plan_end', (value ->> 1)::BIGINT FROM standing
WHERE kind = 'outage' AND path = 'plan' AND value IS NOT NULL;

CREATE TABLE subject AS
WITH first AS (
    SELECT kind, id, coalesce(min(instant) FILTER (fact IN ('report', 'started', 'accepted')), min(instant)) AS begun_at
    FROM moment GROUP BY kind, id
),
whose AS (
    SELECT 'order' AS kind, id, [coalesce(area, '')] AS areas, work_type, NULL AS outage_kind, false AS important,
        NULL AS category, NULL AS level, reported AS begun_at FROM work
    UNION ALL
    SELECT 'outage', o.id, (SELECT list(area) FROM outage_area AS a WHERE a.id = o.id), NULL, o.told_kind,
        o.id IN (SELECT s.id FROM standing AS s JOIN object AS c USING (n) WHERE s.kind = 'outage'
            AND s.path = 'count' AND s.value IS NOT NULL AND c.part = 'areas' AND (c.body ->> 'important')::BIGINT > 0),
        NULL, NULL, NULL FROM outage AS o
    UNION ALL
    SELECT 'complaint', id, [area], NULL, NULL, false, category, level, accepted_at FROM complaint_said
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

CREATE TABLE run AS
WITH past AS (SELECT * FROM moment WHERE instant <= getvariable('at')),
rule AS (
    SELECT l.kind, l.id, l.amount, s.version, cutoff_of(s.version) AS cutoff, r.* EXCLUDE (version, kind, clock), r.clock
    FROM limited AS l JOIN subject AS s USING (kind, id)
    JOIN clock_rule AS r ON r.version = s.version AND r.clock = l.clock
),
begun AS (
    SELECT r.kind, r.id, r.clock, p.instant AS start, row_number() OVER w AS cycle, lead(p.instant) OVER w AS following,
        lag(p.instant) OVER w AS before
    FROM rule AS r JOIN past AS p ON p.kind = r.kind AND p.id = r.id AND list_contains(r.starts, p.fact)
    WINDOW w AS (PARTITION BY r.kind, r.id, r.clock ORDER BY p.instant)
    QUALIFY r.each OR cycle = 1
),
ends AS (
    SELECT r.kind, r.id, r.clock, list_sort(list(p.instant) FILTER (list_contains(r.stops, p.fact))) AS stops,
        list_sort(list(p.instant) FILTER (list_contains(r.voids, p.fact))) AS voids
    FROM rule AS r JOIN past AS p ON p.kind = r.kind AND p.id = r.id GROUP BY r.kind, r.id, r.clock
)
SELECT r.*, b.start, b.cycle,
    -- What ended the run before in the very second in which this one began does not end this one too.
    CASE WHEN NOT r.each THEN e.stops[1]
        WHEN list_filter(e.stops, lambda t: t >= b.before)[1] = b.start
            THEN list_filter(e.stops, lambda t: t >= b.start)[2]
        ELSE list_filter(e.stops, lambda t: t >= b.start)[1] END AS stopped,
    CASE WHEN NOT r.each THEN e.voids[1]
        ELSE least(list_filter(e.voids, lambda t: t >= b.start)[1], b.following) END AS voided
FROM rule AS r JOIN begun AS b USING (kind, id, clock) JOIN ends AS e USING (kind, id, clock);
