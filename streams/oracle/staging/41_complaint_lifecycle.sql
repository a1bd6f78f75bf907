-- The lifecycle of each complaint at the read time, in instants (epoch seconds); future facts have not
-- happened. Day 0 of the working days is the day of the acceptance, or the next day after the cut-off.
CREATE TABLE complaint_statement AS
SELECT id,
    max(CASE WHEN path = 'accepted' THEN value::BIGINT END) AS accepted_at,
    listed(max(CASE WHEN path = 'case_kind' THEN value::JSON ->> '$' END), ['complaint', 'fault_report', 'report',
        'enquiry', 'suggestion', 'service_request', 'praise']) AS case_kind,
    coalesce(listed(max(CASE WHEN path = 'category' THEN value::JSON ->> '$' END), ['service', 'business', 'outage',
        'supply_quality', 'grid_construction']), 'unknown') AS category,
    coalesce(listed(max(CASE WHEN path = 'level' THEN value::JSON ->> '$' END), ['special', 'major', 'important',
        'general']), 'unknown') AS level,
    coalesce(max(CASE WHEN path = 'area' THEN value::JSON ->> '$' END), '') AS area
FROM (SELECT DISTINCT id FROM event WHERE family = 'complaints' AND seen <= getvariable('at') AND (type <> 'linked'
    OR json_exists(body, '$.outage_id') OR json_exists(body, '$.point_id') OR json_exists(body, '$.area')))
LEFT JOIN (SELECT * FROM standing WHERE kind = 'complaint') USING (id) GROUP BY id;

CREATE TABLE complaint_happened AS
SELECT id, path AS name, (value::JSON ->> 0)::BIGINT AS happened_at FROM standing
WHERE kind = 'complaint' AND place <> '' AND value IS NOT NULL AND (value::JSON ->> 0)::BIGINT <= getvariable('at');

-- What counts of it: nothing before the acceptance, and of closings and reopenings nothing after the withdrawal. At one
-- instant a closing comes before a withdrawal, and that before a reopening.
CREATE TABLE complaint_course AS
WITH withdrawal AS (
    SELECT id, min(happened_at) AS withdrawn_at FROM complaint_happened JOIN complaint_statement USING (id)
    WHERE name = 'withdrawn' AND happened_at >= accepted_at GROUP BY id
)
SELECT h.id, h.name, h.happened_at, s.accepted_at, w.withdrawn_at, CASE
    WHEN h.happened_at < s.accepted_at THEN false
    WHEN h.name = 'closed' THEN h.happened_at <= coalesce(w.withdrawn_at, h.happened_at)
    WHEN h.name = 'reopened' THEN h.happened_at < coalesce(w.withdrawn_at, h.happened_at + 1)
    ELSE true
END AS valid
FROM complaint_happened AS h JOIN complaint_statement AS s USING (id) LEFT JOIN withdrawal AS w USING (id);

CREATE TABLE complaint_instants AS
SELECT id,
    min(withdrawn_at) AS withdrawn_at,
    min(happened_at) FILTER (name = 'closed' AND valid) AS first_closed_at,
    max(happened_at) FILTER (name = 'reopened' AND valid) AS last_reopened_at,
    min(happened_at) FILTER (name IN ('contacted', 'replied') AND valid) AS contacted_at,
    max(happened_at) FILTER (name = 'replied' AND valid) AS last_replied_at,
    count(*) FILTER (name IN ('closed', 'withdrawn') AND happened_at < accepted_at) > 0
        AND count(*) FILTER (name IN ('closed', 'withdrawn') AND happened_at >= accepted_at) = 0 AS contradictory
FROM complaint_course GROUP BY id;

-- Closed now: by the first closing after the last reopening.
CREATE TABLE complaint_closing AS
SELECT c.id, min(c.happened_at) AS closed_at FROM complaint_course AS c JOIN complaint_instants AS i USING (id)
WHERE c.name = 'closed' AND c.valid AND i.withdrawn_at IS NULL AND c.happened_at > coalesce(i.last_reopened_at, c.happened_at - 1)
GROUP BY c.id;

-- The last move; of what shares an instant the one further down this list.
CREATE TABLE complaint_move AS
SELECT id, arg_max(state, happened_at * 8 + rank) AS state FROM complaint_course JOIN (VALUES
    ('assigned', 0, 'assigned'), ('transferred', 1, 'assigned'), ('returned', 2, 'returned'),
    ('contacted', 3, 'in_progress'), ('reopened', 4, 'reopened')
) AS move (name, rank, state) USING (name) WHERE happened_at >= accepted_at GROUP BY id;

CREATE TABLE complaint_lifecycle AS
SELECT s.id, s.case_kind, s.category, s.level, s.area, s.accepted_at, day_of(s.accepted_at) AS accepted_day,
    i.withdrawn_at, i.first_closed_at, c.closed_at, i.contacted_at,
    coalesce(i.last_reopened_at >= i.first_closed_at, false) AS reopened,
    CASE
        WHEN s.accepted_at IS NULL THEN 'incomplete'
        WHEN i.contradictory THEN 'contradictory'
        WHEN i.withdrawn_at IS NOT NULL THEN 'withdrawn'
        WHEN c.closed_at IS NOT NULL THEN 'closed'
        WHEN i.last_replied_at > coalesce(i.last_reopened_at, -1) THEN 'replied'
        ELSE coalesce(m.state, 'accepted')
    END AS state,
    day_zero(s.accepted_at, cutoff_of(version_at(s.accepted_at))) AS day_zero
FROM complaint_statement AS s LEFT JOIN complaint_instants AS i USING (id)
LEFT JOIN complaint_closing AS c USING (id) LEFT JOIN complaint_move AS m USING (id);

-- Where a case counts: by its area, by its category, by its level.
CREATE TABLE complaint_scope AS
SELECT id, scope FROM complaint_lifecycle JOIN area_scope USING (area)
UNION ALL
SELECT id, 'category=' || quoted(category) FROM complaint_lifecycle
UNION ALL
SELECT id, 'level=' || quoted(level) FROM complaint_lifecycle;
