-- What clocks add: to now where they are open and at risk or breached, to the day on which they began where they are due.
CREATE TABLE clock_scope AS
SELECT DISTINCT kind, id, scope FROM (
    SELECT 'order' AS kind, id, scope FROM work_scope
    UNION ALL
    SELECT 'outage', id, scope FROM outage_scope
    UNION ALL
    SELECT 'complaint', l.id, s.scope FROM complaint_lifecycle AS l JOIN area_scope AS s USING (area)
) WHERE scope NOT LIKE '%,%';

CREATE TABLE clock_now AS
SELECT c.kind, c.id, c.clock, c.stage, s.scope FROM clock AS c JOIN clock_scope AS s USING (kind, id)
WHERE c.stage IS NOT NULL;

CREATE TABLE clock_day AS
SELECT c.kind, c.id, c.clock, c.obligation, c.on_time, s.scope, d.day FROM clock AS c JOIN clock_scope AS s USING (kind, id)
JOIN calendar AS d ON c.start >= d.starts AND c.start < d.ends WHERE c.due;

-- `all` of a dimension is the sum of its values.
CREATE TABLE clock_name AS
WITH stated AS (SELECT unnest(['L1', 'L2', 'L3a', 'L3b', 'L5', 'L6', 'L7', 'L8a', 'L8b', 'L9', 'L11', 'L11b', 'L12', 'L13', 'L18', 'L19',
    'L20', 'L21']) AS clock)
SELECT clock, clock AS member FROM stated UNION ALL SELECT 'all', clock FROM stated;

CREATE TABLE clock_stage AS
SELECT n.clock, n.member, s.stage FROM clock_name AS n
CROSS JOIN (SELECT unnest(['early', 'late', 'breached', 'escalated']) AS stage) AS s;

INSERT INTO content
SELECT DISTINCT scope, 'now', kind, id FROM clock_now
UNION
SELECT DISTINCT scope, day, kind, id FROM clock_day;
