-- Each outage as a whole: its kind, its state, where it is.
CREATE TABLE said AS
SELECT id, max(value) FILTER (path = 'kind') AS kind_said, max(value) FILTER (path = 'intended_kind') AS kind_intended,
    count(*) FILTER (path = 'cancelled') > 0 AS cancelled, count(*) FILTER (path = 'merged') > 0 AS merged,
    count(*) FILTER (path = 'closed') > 0 AS closed, count(*) FILTER (path = 'predicted') > 0 AS predicted,
    count(*) FILTER (path = 'confirmed') > 0 AS confirmed, count(*) FILTER (path = 'scheduled') > 0 AS scheduled,
    count(*) FILTER (path = 'announced') > 0 AS announced, count(*) FILTER (path = 'start') > 0 AS started,
    count(*) FILTER (path = 'end') > 0 AS restored
FROM (SELECT DISTINCT id FROM event WHERE family = 'outages' AND seen <= getvariable('at'))
LEFT JOIN (SELECT * FROM standing WHERE kind = 'outage' AND value <> 'null') USING (id) GROUP BY id;

CREATE TABLE outage AS
WITH whole AS (
    SELECT s.*, coalesce(s.kind_said, s.kind_intended) ->> '$' AS told_kind,
        s.id IN (SELECT id FROM cycle WHERE until < start) AS contradictory,
        s.id IN (SELECT id FROM timeline) AS has_entries,
        e.began, e.ended, e.stepwise, e.id IS NOT NULL AS begun,
        CASE WHEN s.confirmed THEN 'confirmed' WHEN s.announced THEN 'announced'
            WHEN s.scheduled THEN 'scheduled' WHEN s.predicted THEN 'predicted' END AS before
    FROM said AS s LEFT JOIN episode AS e ON e.id = s.id AND e.latest
)
SELECT id, begun AND ended IS NULL AS open, began, told_kind, CASE
        WHEN told_kind IN ('fault', 'upstream', 'customer_caused') THEN 'fault'
        WHEN told_kind IN ('planned', 'temporary') THEN 'planned'
        WHEN told_kind = 'load_shedding' THEN 'load_shedding'
        ELSE 'unknown' END AS kind,
    CASE WHEN cancelled THEN 'cancelled'
        WHEN merged THEN 'merged'
        WHEN contradictory THEN 'contradictory'
        WHEN NOT started AND (before IS NULL OR restored OR has_entries) THEN 'incomplete'
        WHEN NOT started THEN CASE WHEN closed THEN 'closed' ELSE before END
        WHEN begun AND ended IS NULL THEN CASE WHEN stepwise THEN 'partially_restored' ELSE 'active' END
        WHEN begun THEN CASE WHEN closed THEN 'closed' ELSE 'restored' END
        ELSE coalesce(before, 'not_begun') END AS state
FROM whole;

CREATE TABLE merged_outage AS
SELECT id, kind FROM outage WHERE state = 'merged' AND told_kind IS DISTINCT FROM 'non_payment';

DELETE FROM outage WHERE told_kind = 'non_payment' OR state IN ('cancelled', 'merged');

-- Where an outage is: the areas of its interruptions, else those of its counts and entries, else those expected, else
-- the unknown one.
CREATE TABLE outage_area AS
WITH spoken AS (
    SELECT id, 1 AS rank, unnest(areas) AS area FROM episode
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

-- An interruption counts 1 in each scope it touches; told no areas, it was where the outage is.
CREATE TABLE episode_scope AS
SELECT DISTINCT p.id, p.episode, s.scope
FROM (SELECT id, episode, unnest(areas) AS area FROM episode) AS p JOIN area_scope AS s USING (area)
UNION ALL
SELECT e.id, e.episode, s.scope FROM episode AS e JOIN outage_scope AS s USING (id) WHERE len(e.areas) = 0;

-- What outages add to days: customer interruptions longer than the threshold, by the day each began ...
CREATE TABLE interruption AS
SELECT s.id, o.kind, a.scope, c.day, s.since, s.until, s.customers,
    s.customers * (coalesce(s.until, getvariable('at')) - s.since) AS seconds,
    CASE WHEN s.until IS NULL THEN s.customers ELSE 0 END AS rate, NOT a.known AND s.area <> '' AS unserved
FROM step AS s JOIN outage AS o USING (id) JOIN area_scope AS a USING (area)
JOIN calendar AS c ON s.since >= c.starts AND s.since < c.ends
WHERE coalesce(s.until, getvariable('at')) - s.since > getvariable('momentary_threshold_seconds') AND s.customers > 0;

-- ... and restorations, by the day of the full one.
CREATE TABLE restoration AS
SELECT e.id, o.kind, s.scope, c.day, e.ended - e.began AS seconds, (e.ended - e.began + 59) // 60 AS minutes
FROM episode AS e JOIN outage AS o USING (id) JOIN episode_scope AS s ON s.id = e.id AND s.episode = e.episode
JOIN calendar AS c ON e.ended >= c.starts AND e.ended < c.ends;

-- Open ones, where their present interruption is.
CREATE TABLE open_outage AS
SELECT o.id, o.kind, o.state, o.began, s.scope FROM outage AS o JOIN episode AS e ON e.id = o.id AND e.latest
JOIN episode_scope AS s ON s.id = e.id AND s.episode = e.episode WHERE o.open;

INSERT INTO content
SELECT scope, day, 'outage', id FROM interruption
UNION
SELECT scope, day, 'outage', id FROM restoration
UNION
SELECT scope, 'now', 'outage', id FROM outage_scope JOIN outage USING (id) WHERE state NOT IN ('restored', 'closed')
UNION
SELECT scope, 'now', 'outage', id FROM open_outage;
