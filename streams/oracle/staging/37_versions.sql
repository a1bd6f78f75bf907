-- Commitments of outages to named instants, by version, and the notices of each plan.
CREATE TABLE outage_begin AS SELECT id, min(began) AS began FROM committed_interruption GROUP BY id;

-- A plan that was scheduled or announced does not count when that was unsaid.
CREATE TABLE plan_statement AS
SELECT s.id, split_part(s.path, ' ', 2) AS type, (s.value ->> 0)::BIGINT AS stated, (s.value ->> 1)::BIGINT AS announced,
    (s.value ->> 2)::BIGINT AS begins, (s.value ->> 3)::BIGINT AS ends,
    row_number() OVER (PARTITION BY s.id ORDER BY stated, begins, ends) AS number
FROM standing AS s WHERE s.kind = 'outage' AND starts_with(s.path, 'plan ') AND s.value IS NOT NULL
    AND (s.path = 'plan started' OR EXISTS (SELECT 1 FROM standing AS t
        WHERE t.kind = 'outage' AND t.id = s.id AND t.path = split_part(s.path, ' ', 2) AND t.value IS NOT NULL));

CREATE TABLE notice AS
SELECT id, stated AS instant FROM plan_statement WHERE type = 'announced'
UNION
SELECT id, announced FROM plan_statement WHERE announced IS NOT NULL;

-- Of several estimates of one second the earliest is valid. An intended outage that began before any plan has a plan
-- for that very instant. A repetition of the version in force is not a new version.
CREATE TABLE version AS
WITH stated AS (
SELECT id, 'etr' AS due, row_number() OVER (PARTITION BY id ORDER BY stated, instant DESC NULLS FIRST) AS number, stated,
    instant, false AS assumed
FROM (SELECT id, (value ->> 0)::BIGINT AS stated, (value ->> 1)::BIGINT AS instant FROM standing
    WHERE kind = 'outage' AND path = 'estimate' AND value IS NOT NULL)
UNION ALL
SELECT id, 'plan_end', number, stated, ends, false FROM plan_statement
UNION ALL
SELECT p.id, 'plan_start', p.number, p.stated, p.begins, false FROM plan_statement AS p LEFT JOIN outage_begin AS b USING (id)
WHERE b.began IS NULL OR (SELECT min(q.stated) FROM plan_statement AS q WHERE q.id = p.id) <= b.began
UNION ALL
SELECT id, 'plan_start', 1, began, began, true FROM outage_begin
WHERE id NOT IN (SELECT p.id FROM plan_statement AS p JOIN outage_begin AS b USING (id) WHERE p.stated <= b.began)
)
SELECT * EXCLUDE (number), row_number() OVER (PARTITION BY id, due ORDER BY number) AS number FROM (
    SELECT * FROM stated QUALIFY number = 1 OR instant IS DISTINCT FROM lag(instant) OVER (PARTITION BY id, due ORDER BY number)
);

-- A notice is of the plan in force when it was given, else of the first; it is good for every version that begins within
-- the time it referred to. For an outage without a plan any notice is valid.
CREATE TABLE proof AS
WITH given AS (
    SELECT n.id, n.instant, coalesce(max(p.number) FILTER (p.stated <= n.instant), 1) AS number
    FROM notice AS n JOIN plan_statement AS p USING (id) GROUP BY n.id, n.instant
)
SELECT v.id, v.number, g.instant FROM given AS g JOIN plan_statement AS p USING (id, number)
JOIN version AS v ON v.id = g.id AND v.due = 'plan_start'
WHERE v.assumed OR v.instant BETWEEN p.begins AND p.ends;
