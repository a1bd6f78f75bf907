-- The two clocks. A deadline is the last second on time; the reply's ends the last of so many working days. Due is
-- answered, or past the deadline; a withdrawal until then, before any answer, ends the need for one.
CREATE TABLE complaint_clock AS
WITH due_day AS (
    SELECT l.id, min(w.day) AS due_day FROM complaint_life AS l
    JOIN working_day AS zero ON zero.day = l.day_zero
    JOIN working_day AS w ON w.day >= l.day_zero
        AND w.passed >= zero.passed + getvariable('complaint_reply_working_days')
    GROUP BY l.id
),
clock AS (
    SELECT id, 'contact' AS clock, contacted_at AS answered_at, withdrawn_at,
        accepted_at + getvariable('complaint_contact_hours') * 3600 AS deadline_at
    FROM complaint_life WHERE case_kind = 'complaint'
    UNION ALL
    SELECT id, 'reply', answered_at, withdrawn_at, day_start(day_after(due_day)) - 1
    FROM complaint_life JOIN due_day USING (id) WHERE case_kind = 'complaint'
)
SELECT *, due AND coalesce(answered_at <= deadline_at, false) AS on_time FROM (
    SELECT *, (answered_at IS NOT NULL OR getvariable('at') > deadline_at) AND NOT coalesce(
        withdrawn_at <= deadline_at AND (answered_at IS NULL OR withdrawn_at < answered_at), false) AS due FROM clock
);

-- What cases add to days and to now, a row per case and scope.
CREATE TABLE accepted_case AS
SELECT l.*, s.scope, day_of(l.accepted_at) AS day FROM complaint_life AS l JOIN complaint_scope AS s USING (id)
WHERE l.accepted_at IS NOT NULL;

CREATE TABLE complaint AS SELECT * FROM accepted_case WHERE case_kind = 'complaint';

CREATE TABLE complaint_now AS
SELECT id, scope, state, accepted_at, day_zero, state NOT IN ('contradictory', 'incomplete') AS open
FROM complaint_life JOIN complaint_scope USING (id)
WHERE state = 'incomplete' OR (case_kind = 'complaint' AND state NOT IN ('closed', 'withdrawn'));

INSERT INTO content
SELECT scope, day, 'complaint', id FROM accepted_case
UNION
SELECT scope, day_of(closed_at), 'complaint', id FROM complaint WHERE closed_at IS NOT NULL
UNION
SELECT scope, day_of(first_closed_at), 'complaint', id FROM complaint WHERE first_closed_at IS NOT NULL
UNION
SELECT scope, 'now', 'complaint', id FROM complaint_now;
