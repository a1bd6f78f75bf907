-- The arrival clock of repair orders, from the report to the first arrival: what of it is due.
CREATE TABLE due AS
SELECT w.*, k.deadline, k.on_time FROM work AS w JOIN clock AS k ON k.kind = 'order' AND k.id = w.id AND k.clock = 'L3a'
WHERE k.due AND w.work_type = 'repair';

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
    SELECT a.id, c.scope FROM answerable AS a JOIN crew_scope AS c USING (id, crew)
)
SELECT p.id, p.scope, c.day, d.arrived - d.reported AS seconds, (d.arrived - d.reported + 59) // 60 AS minutes,
    d.on_time
FROM due AS d JOIN placed AS p USING (id) JOIN calendar AS c ON d.reported >= c.starts AND d.reported < c.ends;

INSERT INTO content SELECT DISTINCT scope, day, 'order', id FROM arrival;
