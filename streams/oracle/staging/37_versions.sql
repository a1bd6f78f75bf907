-- What outages promise of named instants, version by version, and what notice was given of which plan.
CREATE TABLE outage_begin AS SELECT id, min(began) AS began FROM promised_episode GROUP BY id;

-- A plan that was scheduled or announced does not count when that was unsaid.
CREATE TABLE plan_said AS
SELECT s.id, split_part(s.path, ' ', 2) AS type, (s.value ->> 0)::BIGINT AS said, (s.value ->> 1)::BIGINT AS announced,
    (s.value ->> 2)::BIGINT AS begins, (s.value ->> 3)::BIGINT AS ends,
    row_number() OVER (PARTITION BY s.id ORDER BY said, begins, ends) AS number
FROM standing AS s WHERE s.kind = 'outage' AND starts_with(s.path, 'plan ') AND s.value IS NOT NULL
    AND (s.path = 'plan started' OR EXISTS (SELECT 1 FROM standing AS t
        WHERE t.kind = 'outage' AND t.id = s.id AND t.path = split_part(s.path, ' ', 2) AND t.value IS NOT NULL));

CREATE TABLE notice AS
SELECT id, said AS instant FROM plan_said WHERE type = 'announced'
UNION
SELECT id, announced FROM plan_said WHERE announced IS NOT NULL;

-- Of estimates told in one second the earliest is the last word. What began by intention before there was any plan has one
-- for that very instant, which nobody made. To say again what is in force is no other version.
CREATE TABLE version AS
WITH said AS (
SELECT id, 'etr' AS due, row_number() OVER (PARTITION BY id ORDER BY said, instant DESC NULLS FIRST) AS number, said,
    instant, false AS assumed
FROM (SELECT id, (value ->> 0)::BIGINT AS said, (value ->> 1)::BIGINT AS instant FROM standing
    WHERE kind = 'outage' AND path = 'estimate' AND value IS NOT NULL)
UNION ALL
SELECT id, 'plan_end', number, said, ends, false FROM plan_said
UNION ALL
SELECT p.id, 'plan_start', p.number, p.said, p.begins, false FROM plan_said AS p LEFT JOIN outage_begin AS b USING (id)
WHERE b.began IS NULL OR (SELECT min(q.said) FROM plan_said AS q WHERE q.id = p.id) <= b.began
UNION ALL
SELECT id, 'plan_start', 1, began, began, true FROM outage_begin
WHERE id NOT IN (SELECT p.id FROM plan_said AS p JOIN outage_begin AS b USING (id) WHERE p.said <= b.began)
)
SELECT * EXCLUDE (number), row_number() OVER (PARTITION BY id, due ORDER BY number) AS number FROM (
    SELECT * FROM said QUALIFY number = 1 OR instant IS DISTINCT FROM lag(instant) OVER (PARTITION BY id, due ORDER BY number)
);

-- A notice is of the plan in force when it was given, else of the first; it is good for every version that begins within
-- the time it spoke of. Of what nobody planned any notice is good.
CREATE TABLE proof AS
WITH given AS (
    SELECT n.id, n.instant, coalesce(max(p.number) FILTER (p.said <= n.instant), 1) AS number
    FROM notice AS n JOIN plan_said AS p USING (id) GROUP BY n.id, n.instant
)
SELECT v.id, v.number, g.instant FROM given AS g JOIN plan_said AS p USING (id, number)
JOIN version AS v ON v.id = g.id AND v.due = 'plan_start'
WHERE v.assumed OR v.instant BETWEEN p.begins AND p.ends;
