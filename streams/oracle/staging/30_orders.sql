-- Work orders: what has happened to them by the read time, who has them, and their arrival clock.
CREATE TABLE happened AS
SELECT id, path AS name, (value ->> 0)::BIGINT AS instant,
    CASE WHEN path IN ('dispatched', 'reassigned') THEN value ->> 1 END AS crew
FROM standing
WHERE kind = 'order' AND value IS NOT NULL AND path NOT IN ('created', 'report_received_at', 'work_type', 'area');

-- Who has an order from when on: a crew it was given to, or, once returned, none ('').
CREATE TABLE holder AS
SELECT id, instant AS since, crew, row_number() OVER (PARTITION BY id ORDER BY instant, rank, coalesce(crew, '')) AS number
FROM (SELECT *, CASE name WHEN 'dispatched' THEN 0 WHEN 'reassigned' THEN 1 ELSE 8 END AS rank
    FROM happened WHERE name IN ('dispatched', 'reassigned', 'returned'));

-- The state: arriving, waiting, resuming, finishing, returning and reassigning set it; being dispatched, accepting and
-- setting out only lead onwards.
CREATE TABLE move AS
WITH ranked AS (
    SELECT *, list_position(['dispatched', 'reassigned', 'accepted', 'en_route', 'arrived', 'waiting', 'resumed',
        'field_complete', 'returned'], name) AS rank
    FROM happened WHERE instant <= getvariable('at') AND name NOT IN ('cancelled', 'closed', 'rated')
)
SELECT *, row_number() OVER (PARTITION BY id ORDER BY instant, rank) AS number FROM ranked;

-- A dispatch after the response of the crew, without a return of the order in between: it was recorded late.
CREATE TABLE dispatch_noted_late AS
SELECT m.id, m.instant FROM move AS m
WHERE m.name = 'dispatched' AND (SELECT arg_max(b.name, b.number) FROM move AS b
    WHERE b.id = m.id AND b.number < m.number
        AND b.name IN ('accepted', 'en_route', 'arrived', 'field_complete', 'reassigned', 'returned'))
    IN ('accepted', 'en_route', 'arrived', 'field_complete');

CREATE TABLE work AS
WITH stated AS (
    SELECT id, count(*) FILTER (path = 'created') > 0 AS created,
        max(try_cast(value AS BIGINT)) FILTER (path = 'report_received_at') AS reported,
        listed(max(value ->> '$') FILTER (path = 'work_type'),
            ['repair', 'reconnection', 'rectification', 'inspection']) AS work_type, max(value ->> '$') FILTER (path = 'area') AS area
    FROM (SELECT DISTINCT id FROM event WHERE family = 'repairs' AND seen <= getvariable('at'))
    LEFT JOIN (SELECT * FROM standing WHERE kind = 'order' AND value <> 'null') USING (id) GROUP BY id
),
ended AS (
    SELECT id, min(instant) AS ended FROM happened
    WHERE name IN ('cancelled', 'closed') AND instant <= getvariable('at') GROUP BY id
),
arrived AS (
    SELECT id, min(instant) AS arrived FROM happened
    WHERE name = 'arrived' AND instant <= getvariable('at') GROUP BY id
),
set_by AS (
    SELECT id, max(number) AS number, arg_max(name, number) AS name
    FROM move WHERE name NOT IN ('dispatched', 'accepted', 'en_route') GROUP BY id
),
led AS (
    SELECT m.id, max(list_position(['dispatched', 'accepted', 'en_route'], m.name)) AS level
    FROM move AS m LEFT JOIN set_by AS s USING (id)
    WHERE m.name IN ('dispatched', 'accepted', 'en_route') AND m.number > coalesce(s.number, 0) GROUP BY m.id
)
SELECT s.*, e.ended, a.arrived, CASE
    WHEN NOT s.created THEN 'incomplete'
    WHEN b.name IN ('arrived', 'resumed') THEN 'on_site'
    WHEN b.name IN ('waiting', 'field_complete') THEN b.name
    ELSE coalesce(['dispatched', 'accepted', 'en_route'][greatest(l.level, CASE b.name WHEN 'reassigned' THEN 1 END)],
        b.name, 'created') END AS state
FROM stated AS s LEFT JOIN ended AS e USING (id) LEFT JOIN arrived AS a USING (id)
LEFT JOIN set_by AS b USING (id) LEFT JOIN led AS l USING (id);

CREATE TABLE work_scope AS
SELECT w.id, s.scope FROM work AS w JOIN area_scope AS s ON s.area = coalesce(w.area, '');

-- Open orders, by place and by crew.
CREATE TABLE open_order AS
WITH now AS (
    SELECT w.id, w.state, nullif(arg_max(coalesce(h.crew, ''), h.number), '') AS crew
    FROM work AS w LEFT JOIN holder AS h ON h.id = w.id AND h.since <= getvariable('at')
    WHERE w.ended IS NULL GROUP BY w.id, w.state
)
SELECT id, state, scope FROM now JOIN work_scope USING (id)
UNION ALL
SELECT n.id, n.state, c.scope FROM now AS n JOIN crew_scope AS c USING (id, crew);

INSERT INTO content SELECT scope, 'now', 'order', id FROM open_order;
