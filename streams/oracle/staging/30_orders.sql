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

CREATE TABLE work AS
WITH said AS (
    SELECT id, count(*) FILTER (path = 'created') > 0 AS created,
        max(try_cast(value AS BIGINT)) FILTER (path = 'report_received_at') AS reported,
        max(value ->> '$') FILTER (path = 'work_type') AS work_type, max(value ->> '$') FILTER (path = 'area') AS area
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
FROM said AS s LEFT JOIN ended AS e USING (id) LEFT JOIN arrived AS a USING (id)
LEFT JOIN set_by AS b USING (id) LEFT JOIN led AS l USING (id);

CREATE TABLE work_scope AS
SELECT w.id, s.scope FROM work AS w JOIN area_scope AS s ON s.area = coalesce(w.area, '');

-- Open ones, where they are and at the crew that has them.
CREATE TABLE open_order AS
WITH now AS (
    SELECT w.id, w.state, nullif(arg_max(coalesce(h.crew, ''), h.number), '') AS crew
    FROM work AS w LEFT JOIN holder AS h ON h.id = w.id AND h.since <= getvariable('at')
    WHERE w.ended IS NULL GROUP BY w.id, w.state
)
SELECT id, state, scope FROM now JOIN work_scope USING (id)
UNION ALL
SELECT id, state, 'crew=' || quoted(crew) FROM now WHERE crew IS NOT NULL;

-- The arrival clock of repair orders: from the report to the first arrival. Not due: what was over by the deadline
-- before anybody came, what is not yet late, and what was reached before it was reported.
CREATE TABLE due AS
WITH clock AS (
    SELECT w.*, w.reported + 60 * CASE coalesce(a.area_type, 'urban')
        WHEN 'remote' THEN getvariable('arrival_limit_minutes_remote')
        WHEN 'rural' THEN getvariable('arrival_limit_minutes_rural')
        ELSE getvariable('arrival_limit_minutes_urban') END AS deadline
    FROM work AS w LEFT JOIN area AS a ON a.area = w.area WHERE w.work_type = 'repair' AND w.reported IS NOT NULL
)
SELECT * FROM clock
WHERE NOT coalesce(arrived < reported, false)
    AND NOT coalesce(ended <= deadline AND (arrived IS NULL OR ended < arrived), false)
    AND (arrived IS NOT NULL OR getvariable('at') > deadline);

-- An arrival is that of the crew that has the order then, else of the next it is given to, else of the last before it;
-- a breach is that of the crew that has it at the deadline.
CREATE TABLE answerable AS
SELECT d.id, coalesce(
    nullif(arg_max(coalesce(h.crew, ''), h.number) FILTER (h.since <= coalesce(d.arrived, d.deadline)), ''),
    CASE WHEN d.arrived IS NOT NULL THEN coalesce(
        arg_min(h.crew, h.number) FILTER (h.crew IS NOT NULL AND h.since > d.arrived),
        arg_max(h.crew, h.number) FILTER (h.crew IS NOT NULL)) END) AS crew
FROM due AS d JOIN holder AS h USING (id) GROUP BY d.id, d.arrived;

CREATE TABLE arrival AS
WITH placed AS (
    SELECT id, scope FROM due JOIN work_scope USING (id)
    UNION ALL
    SELECT id, 'crew=' || quoted(crew) FROM answerable WHERE crew IS NOT NULL
)
SELECT p.id, p.scope, c.day, d.arrived - d.reported AS seconds, (d.arrived - d.reported + 59) // 60 AS minutes,
    coalesce(d.arrived <= d.deadline, false) AS on_time
FROM due AS d JOIN placed AS p USING (id) JOIN calendar AS c ON d.reported >= c.starts AND d.reported < c.ends;

INSERT INTO content
SELECT scope, day, 'order', id FROM arrival
UNION
SELECT scope, 'now', 'order', id FROM open_order;
