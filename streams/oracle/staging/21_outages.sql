-- Each outage as a whole: its kind, its state, where it is.
CREATE TABLE stated AS
SELECT id, max(value) FILTER (path = 'kind') AS kind_statement, max(value) FILTER (path = 'intended_kind') AS kind_intended,
    count(*) FILTER (path = 'cancelled') > 0 AS cancelled, count(*) FILTER (path = 'merged') > 0 AS merged,
    count(*) FILTER (path = 'closed') > 0 AS closed,
    max(try_cast(value AS BIGINT)) FILTER (path = 'closed') AS closed_at, count(*) FILTER (path = 'predicted') > 0 AS predicted,
    count(*) FILTER (path = 'confirmed') > 0 AS confirmed, count(*) FILTER (path = 'scheduled') > 0 AS scheduled,
    count(*) FILTER (path = 'announced') > 0 AS announced, count(*) FILTER (path = 'start') > 0 AS started,
    count(*) FILTER (path = 'end') > 0 AS restored
FROM (SELECT DISTINCT id FROM event WHERE family = 'outages' AND seen <= getvariable('at'))
LEFT JOIN (SELECT * FROM standing WHERE kind = 'outage' AND value <> 'null') USING (id) GROUP BY id;

CREATE TABLE outage AS
WITH whole AS (
    SELECT s.*, CASE WHEN coalesce(s.kind_statement, s.kind_intended) ->> '$' IN (SELECT unnest(outage_kinds()))
            THEN coalesce(s.kind_statement, s.kind_intended) ->> '$'
            WHEN coalesce(s.kind_statement, s.kind_intended) IS NOT NULL THEN 'other' END AS stated_kind,
        s.id IN (SELECT id FROM cycle WHERE until < start) AS contradictory,
        s.id IN (SELECT id FROM timeline) AS has_entries,
        e.began, e.ended, e.stepwise, e.id IS NOT NULL AS begun,
        CASE WHEN s.confirmed THEN 'confirmed' WHEN s.announced THEN 'announced'
            WHEN s.scheduled THEN 'scheduled' WHEN s.predicted THEN 'predicted' END AS before
    FROM stated AS s LEFT JOIN interruption_event AS e ON e.id = s.id AND e.latest
)
SELECT id, begun AND ended IS NULL AS open, began, stated_kind, CASE
        WHEN stated_kind IN ('fault', 'upstream', 'customer_caused') THEN 'fault'
        WHEN stated_kind IN ('planned', 'temporary') THEN 'planned'
        WHEN stated_kind = 'load_shedding' THEN 'load_shedding'
        WHEN stated_kind IS NULL THEN 'unknown'
        ELSE 'other' END AS kind,
    CASE WHEN cancelled THEN 'cancelled'
        WHEN merged THEN 'merged'
        WHEN contradictory THEN 'contradictory'
        WHEN NOT started AND (before IS NULL OR restored OR has_entries) THEN 'incomplete'
        WHEN NOT started THEN CASE WHEN closed THEN 'closed' ELSE before END
        WHEN begun AND ended IS NULL THEN CASE WHEN stepwise THEN 'partially_restored' ELSE 'active' END
        WHEN begun THEN CASE WHEN closed_at >= began THEN 'closed' ELSE 'restored' END
        ELSE coalesce(before, 'not_begun') END AS state
FROM whole;

CREATE TABLE merged_outage AS
SELECT id, kind FROM outage WHERE state = 'merged' AND stated_kind IS DISTINCT FROM 'non_payment';

DELETE FROM outage WHERE stated_kind = 'non_payment' OR state IN ('cancelled', 'merged');

-- The place of an outage: the areas of its interruptions, otherwise of its counts and entries, otherwise the expected areas,
-- otherwise the unknown area.
CREATE TABLE outage_area AS
WITH spoken AS (
    SELECT id, 1 AS rank, unnest(areas) AS area FROM interruption_event
    UNION
    SELECT id, 2, area FROM count
    UNION
    SELECT id, 2, area FROM timeline
    UNION
    SELECT s.id, 3, coalesce(o.body ->> 'area', '') FROM standing AS s JOIN object AS o USING (n)
    WHERE s.kind = 'outage' AND s.path = 'expected' AND s.value IS NOT NULL AND o.part = 'areas'
    UNION
    SELECT id, 4, '' FROM outage
    UNION
    SELECT id, 4, '' FROM merged_outage
)
SELECT id, area FROM spoken QUALIFY rank = min(rank) OVER (PARTITION BY id);

CREATE TABLE outage_scope AS SELECT DISTINCT id, scope FROM outage_area JOIN area_scope USING (area);

-- An interruption counts 1 in each of its scopes; without areas it is at the place of the outage.
CREATE TABLE interruption_scope AS
SELECT DISTINCT p.id, p.event_number, s.scope
FROM (SELECT id, event_number, unnest(areas) AS area FROM interruption_event) AS p JOIN area_scope AS s USING (area)
UNION ALL
SELECT e.id, e.event_number, s.scope FROM interruption_event AS e JOIN outage_scope AS s USING (id) WHERE len(e.areas) = 0;

-- Of what a customer caused only that one customer was hit: in no statistics (DL/T 836).
CREATE TABLE own AS
SELECT s.id, s.event_number FROM step AS s JOIN outage AS o USING (id) WHERE o.stated_kind = 'customer_caused'
    AND (s.id, s.event_number) NOT IN (SELECT (id, event_number) FROM uncounted)
GROUP BY s.id, s.event_number HAVING sum(s.customers) = 1;

-- What outages add to days: customer interruptions longer than the threshold, by the day each began ...
CREATE TABLE interruption AS
SELECT s.id, o.kind, a.scope, c.day, s.since, s.until, s.customers,
    s.customers * (coalesce(s.until, getvariable('at')) - s.since) AS seconds,
    CASE WHEN s.until IS NULL THEN s.customers ELSE 0 END AS rate, NOT a.known AND s.area <> '' AS unserved
FROM step AS s JOIN outage AS o USING (id) JOIN area_scope AS a USING (area)
JOIN calendar AS c ON s.since >= c.starts AND s.since < c.ends
WHERE coalesce(s.until, getvariable('at')) - s.since > getvariable('momentary_threshold_seconds') AND s.customers > 0
    AND (s.id, s.event_number) NOT IN (SELECT (id, event_number) FROM own);

-- ... returns of their supply, by the day of the return ...
CREATE TABLE customer_return AS
SELECT i.id, i.kind, i.scope, c.day, i.customers, i.seconds, (i.until - i.since + 59) // 60 AS minutes
FROM interruption AS i JOIN calendar AS c ON i.until >= c.starts AND i.until < c.ends;

-- ... and restorations, in each scope from the first loss of supply to the last return there: of outages that interrupted
-- customers, or nobody knows how many, for longer than the threshold. Who is out keeps the scope open.
CREATE TABLE loss AS
SELECT s.id, s.event_number, s.area, s.since, s.until FROM step AS s WHERE s.customers > 0
UNION ALL
SELECT u.id, u.event_number, coalesce(u.area, a.area), u.since, u.until
FROM uncounted AS u LEFT JOIN outage_area AS a ON u.area IS NULL AND a.id = u.id;

CREATE TABLE restoration AS
WITH span AS (
    SELECT l.id, l.event_number, o.kind, s.scope, min(l.since) FILTER (l.lasts) AS began, max(l.until) FILTER (l.lasts) AS ended,
        bool_or(l.until IS NULL) AS open
    FROM (SELECT *, coalesce(until, getvariable('at')) - since > getvariable('momentary_threshold_seconds') AS lasts
        FROM loss) AS l JOIN outage AS o USING (id) JOIN area_scope AS s USING (area)
    GROUP BY l.id, l.event_number, o.kind, s.scope
)
SELECT s.id, s.kind, s.scope, c.day, s.ended - s.began AS seconds, (s.ended - s.began + 59) // 60 AS minutes
FROM span AS s JOIN calendar AS c ON s.ended >= c.starts AND s.ended < c.ends WHERE NOT s.open
    AND (s.id, s.event_number) NOT IN (SELECT (id, event_number) FROM own);

-- Open ones, where customers are out or nobody knows how many; with none left, where the present interruption is.
CREATE TABLE open_outage AS
WITH still AS (
    SELECT DISTINCT l.id, s.scope FROM loss AS l JOIN area_scope AS s USING (area) WHERE l.until IS NULL
),
whole AS (
    SELECT o.id, s.scope FROM outage AS o JOIN interruption_event AS e ON e.id = o.id AND e.latest
    JOIN interruption_scope AS s ON s.id = e.id AND s.event_number = e.event_number WHERE o.id NOT IN (SELECT id FROM still)
)
SELECT o.id, o.kind, o.state, o.began, w.scope
FROM outage AS o JOIN (SELECT * FROM still UNION ALL SELECT * FROM whole) AS w USING (id) WHERE o.open;

-- Interruptions with commitments: sustained interruptions of customers, and interruptions that may become sustained.
CREATE TABLE committed_interruption AS
SELECT DISTINCT e.id, e.event_number, e.began, e.ended FROM interruption_event AS e JOIN loss AS l ON l.id = e.id AND l.event_number = e.event_number
WHERE l.until IS NULL OR l.until - l.since > getvariable('momentary_threshold_seconds');

INSERT INTO content
SELECT scope, day, 'outage', id FROM interruption
UNION
SELECT scope, day, 'outage', id FROM restoration
UNION
SELECT scope, day, 'outage', id FROM customer_return
UNION
SELECT scope, 'now', 'outage', id FROM outage_scope JOIN outage USING (id) WHERE state NOT IN ('restored', 'closed')
UNION
SELECT scope, 'now', 'outage', id FROM open_outage;
