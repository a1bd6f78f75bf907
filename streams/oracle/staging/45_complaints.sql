-- The clocks that the KPIs of complaints go by, and what cases add to days and to now, a row per case and scope.
CREATE TABLE complaint_clock AS
SELECT id, CASE clock WHEN 'L18' THEN 'contact' ELSE 'reply' END AS clock, due, on_time, stopped AS answered_at,
    deadline AS deadline_at FROM clock WHERE kind = 'complaint' AND clock IN ('L18', 'L19') AND cycle = 1;

CREATE TABLE accepted_case AS
SELECT l.*, s.scope, day_of(l.accepted_at) AS day FROM complaint_lifecycle AS l JOIN complaint_scope AS s USING (id)
WHERE l.accepted_at IS NOT NULL;

CREATE TABLE complaint AS SELECT * FROM accepted_case WHERE case_kind = 'complaint';

CREATE TABLE complaint_now AS
SELECT id, scope, state, accepted_at, day_zero, state NOT IN ('contradictory', 'incomplete') AS open
FROM complaint_lifecycle JOIN complaint_scope USING (id)
WHERE state = 'incomplete' OR (case_kind = 'complaint' AND state NOT IN ('closed', 'withdrawn'));

INSERT INTO content
SELECT scope, day, 'complaint', id FROM accepted_case
UNION
SELECT scope, day_of(closed_at), 'complaint', id FROM complaint WHERE closed_at IS NOT NULL
UNION
SELECT scope, day_of(first_closed_at), 'complaint', id FROM complaint WHERE first_closed_at IS NOT NULL
UNION
SELECT scope, 'now', 'complaint', id FROM complaint_now;
