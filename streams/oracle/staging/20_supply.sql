-- Supply over time: the standing facts of an outage in the order of time, gone through up to the read time.
-- Customers out are cohorts (since, area, cycle, customers): a rise begins a cohort, a drop ends the longest interrupted
-- first, an end ends the cohorts of its cycle and of earlier cycles. The last good number of an area stays: a step that leaves
-- more, an extension that leaves fewer, or more restored than were out have no number. Without a number the first one counts.
CREATE TABLE cycle AS
SELECT id, place::INTEGER AS cycle, max(try_cast(value AS BIGINT)) FILTER (path = 'start') AS start,
    max(try_cast(value AS BIGINT)) FILTER (path = 'end') AS until
FROM standing WHERE kind = 'outage' AND path IN ('start', 'end') AND value IS NOT NULL GROUP BY id, place;

CREATE TABLE count AS
SELECT s.id, s.place::INTEGER AS cycle, coalesce(o.body ->> 'area', '') AS area,
    (o.body ->> 'customers')::BIGINT AS customers
FROM standing AS s JOIN object AS o USING (n)
WHERE s.kind = 'outage' AND s.path = 'count' AND s.value IS NOT NULL AND o.part = 'areas';

-- Entries by instant and by step: the entry of a named step replaces the entry of the same event without a name.
CREATE TABLE timeline AS
WITH spoken AS (
    SELECT s.id, split_part(s.path, ' ', 2)::BIGINT AS instant, s.place AS area, s.value,
        s.pin, s.recorded_at, s.source, s.event_id, '' AS step
    FROM standing AS s ANTI JOIN (SELECT id, place FROM standing WHERE kind = 'outage' AND path = 'step') AS named
        ON named.id = s.id AND named.place = s.event_id
    WHERE s.kind = 'outage' AND starts_with(s.path, 'timeline ') AND s.value IS NOT NULL
    UNION ALL
    SELECT s.id, (s.value ->> 0)::BIGINT, e.area, e.value, s.pin, s.recorded_at, s.source, s.event_id, s.place
    FROM standing AS s JOIN entry AS e USING (n)
    WHERE s.kind = 'outage' AND s.path = 'step' AND s.value IS NOT NULL
),
ranked AS (
    SELECT *, row_number() OVER (PARTITION BY id, instant, area
        ORDER BY pin DESC, recorded_at DESC, source DESC, event_id DESC, step DESC) AS rank
    FROM spoken
)
SELECT id, instant, area, (value ->> 0)::BIGINT AS remaining,
    CASE WHEN json_array_length(value) <= 2 THEN (value ->> 1)::BIGINT END AS restored,
    json_array_length(value) > 2 AS extension,
    bool_or(json_array_length(value) > 2) OVER at_instant AS extends, bool_or(area = '') OVER at_instant AS blank,
    count(*) OVER at_instant = 1 AND area = ''
        AND id NOT IN (SELECT id FROM count WHERE area = '') AS whole
FROM ranked WHERE rank = 1 WINDOW at_instant AS (PARTITION BY id, instant);

-- A cycle that ends before it starts is contradictory: neither instant counts. At one instant an end comes first, then
-- starts, entries, and the ends of what starts there.
CREATE TABLE op AS
WITH listed AS (SELECT id, cycle, bool_or(area = '') AS blank FROM count GROUP BY id, cycle),
good AS (SELECT * FROM cycle WHERE NOT coalesce(until < start, false)),
point AS (
    SELECT c.id, c.start AS instant, 1 AS what, c.cycle, '' AS area, false AS counted, NULL::BIGINT AS amount,
        NULL::BIGINT AS restored, false AS extends, false AS extension, false AS whole,
        l.id IS NULL AS nowhere, NOT coalesce(l.blank, true) AS lists
    FROM good AS c LEFT JOIN listed AS l USING (id, cycle) WHERE c.start IS NOT NULL
    UNION ALL
    SELECT c.id, c.start, 1, c.cycle, k.area, true, k.customers, NULL, false, false, false, false, false
    FROM good AS c JOIN count AS k USING (id, cycle) WHERE c.start IS NOT NULL
    UNION ALL
    SELECT id, until, CASE WHEN until = start THEN 3 ELSE 0 END, cycle, '', false, NULL, NULL, false, false, false,
        false, false
    FROM good WHERE until IS NOT NULL
    UNION ALL
    SELECT id, instant, 2, 0, area, true, remaining, restored, extends, extension, whole, false, NOT blank FROM timeline
)
SELECT *, row_number() OVER (PARTITION BY id ORDER BY instant, what, cycle, counted, area) AS number
FROM point WHERE instant <= getvariable('at') AND id IN (SELECT id FROM good WHERE start IS NOT NULL);

-- `numbered`: the areas of the interruption with a known number; `unnumbered` and `nobody`: since when the areas without
-- a number, and the outage as a whole, are out. All entries of an instant use the numbers before it.
CREATE TABLE sweep AS
WITH RECURSIVE sweep AS (
    SELECT DISTINCT id, 0::BIGINT AS number, NULL::BIGINT AS instant, 0 AS what, false AS open, 0 AS event_number,
        NULL::BIGINT AS began, NULL::BIGINT AS ended, 0 AS cycle, false AS stepwise, []::VARCHAR[] AS areas,
        []::STRUCT(since BIGINT, area VARCHAR, cycle INTEGER, customers BIGINT)[] AS cohorts,
        []::STRUCT(since BIGINT, area VARCHAR, cycle INTEGER, customers BIGINT)[] AS finished,
        false AS listed, []::VARCHAR[] AS numbered, []::STRUCT(area VARCHAR, since BIGINT)[] AS unnumbered,
        NULL::BIGINT AS nobody, []::VARCHAR[] AS then_numbered, []::VARCHAR[] AS then_unnumbered,
        []::STRUCT(area VARCHAR, since BIGINT)[] AS counted_now,
        []::STRUCT(rule VARCHAR, area VARCHAR, customers BIGINT)[] AS doubts
    FROM op
    UNION ALL
    SELECT id, number, instant, what, open AND NOT closes, event_number, began, CASE WHEN closes THEN instant ELSE ended END,
        cycle, stepwise OR lowers OR (what IN (0, 3) AND open AND op_cycle < cycle),
        CASE WHEN acts AND counted AND NOT (whole AND target <= before)
            AND NOT list_contains(areas, area) THEN list_append(areas, area) ELSE areas END,
        list_sort(list_concat(
            list_transform(list_filter(taken, lambda c: c.customers > c.gone), lambda c: struct_pack(
                since := c.since, area := c.area, cycle := c.cycle, customers := c.customers - c.gone)),
            CASE WHEN acts AND counted AND target > before THEN [struct_pack(
                since := instant, area := area, cycle := cycle, customers := target - before)] ELSE [] END)),
        list_transform(list_filter(taken, lambda c: c.gone > 0), lambda c: struct_pack(
            since := c.since, area := c.area, cycle := c.cycle, customers := c.gone)),
        listed, CASE WHEN numbers THEN list_distinct(list_append(numbered, area)) ELSE numbered END,
        CASE WHEN closes OR (numbers AND whole) THEN []
            WHEN numbers THEN list_filter(unnumbered, lambda u: u.area <> area)
            WHEN unnumbers THEN list_append(unnumbered, struct_pack(area := area, since := instant))
            ELSE unnumbered END,
        CASE WHEN NOT (closes OR numbers) THEN nobody END, then_numbered, then_unnumbered,
        list_concat(CASE WHEN closes OR (numbers AND whole) THEN unnumbered
                WHEN numbers THEN list_filter(unnumbered, lambda u: u.area = area) ELSE [] END,
            CASE WHEN (closes OR numbers) AND nobody IS NOT NULL
                THEN [struct_pack(area := NULL::VARCHAR, since := nobody)] ELSE [] END),
        list_filter([
            struct_pack(rule := 'more_restored_than_remained', area := CASE WHEN NOT total THEN area END,
                customers := CASE WHEN acts AND known AND restored > before THEN restored - before END),
            struct_pack(rule := 'restored_disagrees_with_remaining', area := CASE WHEN NOT total THEN area END,
                customers := CASE WHEN acts AND known AND restored <= before
                    THEN nullif(abs(before - restored - amount), 0) END),
            struct_pack(rule := 'remaining_against_event', area := CASE WHEN NOT total THEN area END,
                customers := CASE WHEN acts AND against THEN abs(wanted - before) END)
        ], lambda d: d.customers IS NOT NULL)
    FROM (
        -- Who loses the interruption: from the front of the queue, until the drop is used up; an end takes them all.
        SELECT *, coalesce(acts AND what = 2 AND target < before, false) AS lowers,
            what IN (0, 3) AND open AND op_cycle >= cycle AS closes,
            acts AND counted AND (amount IS NOT NULL OR (what = 2 AND known)) AS numbers,
            acts AND counted AND amount IS NULL AND (what = 1 OR (extension AND NOT known AND NOT whole))
                AND NOT list_contains(numbered, area)
                AND len(list_filter(unnumbered, lambda u: u.area = area)) = 0 AS unnumbers,
            list_transform(queue, lambda c, i: struct_pack(since := c.since, area := c.area, cycle := c.cycle,
                customers := c.customers, gone := CASE
                    WHEN NOT acts THEN 0
                    WHEN what IN (0, 3) THEN CASE WHEN c.cycle <= op_cycle THEN c.customers ELSE 0 END
                    WHEN NOT counted OR NOT (whole OR c.area = area) THEN 0
                    ELSE least(c.customers, greatest(0, before - target - coalesce(list_sum(list_transform(
                        list_filter(queue[1:i - 1], lambda e: whole OR e.area = area),
                        lambda e: e.customers)), 0)))::BIGINT
                END)) AS taken
        FROM (
            SELECT *, coalesce(CASE WHEN NOT against THEN wanted END, before) AS target
            FROM (
                SELECT *, what = 2 AND known AND coalesce(CASE WHEN extension THEN wanted < before
                    ELSE wanted > before END, false) AS against
                FROM (
                    SELECT *, coalesce(amount, CASE WHEN known AND restored <= before THEN before - restored END)
                        AS wanted
                    FROM (
                        -- A total refers to all areas, unless nobody is out and no area was named: then to the unknown
                        -- area. In an area that the list of the outage omits nobody is out.
                        SELECT * REPLACE (whole AND (before_all > 0 OR len(areas) > 0) AS whole), whole AS total,
                            CASE WHEN whole THEN before_all ELSE coalesce(list_sum(list_transform(list_filter(
                                queue, lambda c: c.area = area), lambda c: c.customers)), 0) END::BIGINT AS before,
                            CASE WHEN whole THEN len(numbered) > 0 AND len(unnumbered) = 0 AND nobody IS NULL
                                ELSE NOT list_contains(then_unnumbered, area)
                                    AND (listed OR list_contains(then_numbered, area)) END AS known
                        FROM (
                            SELECT *, CASE WHEN goes_on THEN stated_numbered ELSE numbered END AS then_numbered,
                                CASE WHEN goes_on THEN stated_unnumbered
                                    ELSE list_transform(unnumbered, lambda u: u.area) END AS then_unnumbered
                            FROM (
                                SELECT NOT s.open AND (o.what = 1 OR (o.what = 2 AND o.extends
                                        AND coalesce(o.instant > s.ended, false))) AS opens,
                                    o.id, o.number, o.instant, o.what, o.area, o.counted, o.amount, o.restored,
                                    o.whole, o.extension, o.cycle AS op_cycle, s.open OR opens AS open,
                                    s.event_number + opens::INTEGER AS event_number,
                                    CASE WHEN opens THEN o.instant ELSE s.began END AS began,
                                    CASE WHEN NOT opens THEN s.ended END AS ended,
                                    CASE WHEN o.what <> 1 THEN s.cycle WHEN opens THEN o.cycle
                                        ELSE greatest(s.cycle, o.cycle) END AS cycle,
                                    s.stepwise AND NOT opens AS stepwise,
                                    CASE WHEN opens THEN [] ELSE s.areas END AS areas, s.cohorts AS queue,
                                    s.open OR opens AS acts,
                                    coalesce(list_sum(list_transform(s.cohorts, lambda c: c.customers)), 0)::BIGINT
                                        AS before_all,
                                    CASE WHEN opens THEN o.lists ELSE s.listed END AS listed,
                                    CASE WHEN opens THEN [] ELSE s.numbered END AS numbered,
                                    CASE WHEN opens THEN [] ELSE s.unnumbered END AS unnumbered,
                                    CASE WHEN NOT opens THEN s.nobody WHEN o.nowhere THEN o.instant END AS nobody,
                                    s.what = 2 AND o.what = 2 AND s.instant = o.instant AND NOT opens AS goes_on,
                                    s.then_numbered AS stated_numbered, s.then_unnumbered AS stated_unnumbered
                                FROM sweep AS s JOIN op AS o ON o.id = s.id AND o.number = s.number + 1
                            )
                        )
                    )
                )
            )
        )
    )
)
SELECT * FROM sweep;

-- Interruptions of customers: area, since, until (null: still) and how many.
CREATE TABLE step AS
SELECT id, event_number, gone.area AS area, gone.since AS since, instant AS until, gone.customers AS customers
FROM (SELECT id, event_number, instant, unnest(finished) AS gone FROM sweep)
UNION ALL
SELECT id, event_number, left_out.area, left_out.since, NULL, left_out.customers
FROM (SELECT id, max(event_number) AS event_number, unnest(arg_max(cohorts, number)) AS left_out FROM sweep GROUP BY id);

-- Areas (null: wherever the outage is) without supply and without a number of customers.
CREATE TABLE uncounted AS
SELECT id, event_number, gone.area AS area, gone.since AS since, instant AS until
FROM (SELECT id, event_number, instant, unnest(counted_now) AS gone FROM sweep)
UNION ALL
SELECT id, event_number, left_out.area, left_out.since, NULL FROM (
    SELECT id, max(event_number) AS event_number, unnest(arg_max(list_concat(unnumbered, CASE WHEN nobody IS NOT NULL
        THEN [struct_pack(area := NULL::VARCHAR, since := nobody)] ELSE [] END), number)) AS left_out
    FROM sweep GROUP BY id
);

-- Contradictions in the entries: per interruption and area (null: of the whole) the most customers by which they differ.
CREATE TABLE doubt AS
SELECT id, event_number, found.rule AS rule, found.area AS area, max(found.customers) AS customers
FROM (SELECT id, event_number, unnest(doubts) AS found FROM sweep) GROUP BY ALL;

-- Interruptions of supply, from the start to the full restoration (null: still open).
CREATE TABLE interruption_event AS
SELECT id, event_number, arg_max(began, number) AS began,
    CASE WHEN NOT arg_max(open, number) THEN max(ended) END AS ended,
    arg_max(areas, number) AS areas, arg_max(stepwise, number) AS stepwise,
    event_number = max(event_number) OVER (PARTITION BY id) AS latest
FROM sweep WHERE event_number > 0 GROUP BY id, event_number;
