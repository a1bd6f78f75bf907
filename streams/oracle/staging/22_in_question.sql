-- Customers in question: whom a finding leaves uncounted, counted twice, or counted under a number that is none. On the
-- day on which the interruption began, if it is sustained, and now while it lasts.
CREATE TABLE mark AS
WITH split AS (
    SELECT s.id, coalesce(try_cast(t.value AS BIGINT), 0) AS instant
    FROM standing AS s LEFT JOIN standing AS t ON t.kind = 'outage' AND t.id = s.id AND t.path = 'split_at'
    WHERE s.kind = 'outage' AND s.path = 'split' AND s.value IS NOT NULL AND s.value <> '[]'
),
gone AS (
    SELECT m.id, m.kind, try_cast(s.value AS BIGINT) + 86400 AS until
    FROM merged_outage AS m JOIN standing AS s ON s.kind = 'outage' AND s.id = m.id AND s.path = 'merged_at'
),
spot AS (
    -- At the place of the outage, if no area was named.
    SELECT u.id, u.since, u.until, u.area, [u.area] AS areas FROM uncounted AS u WHERE u.area IS NOT NULL
    UNION ALL
    SELECT u.id, u.since, u.until, NULL, (SELECT list(a.area) FROM outage_area AS a WHERE a.id = u.id)
    FROM uncounted AS u WHERE u.area IS NULL
),
found AS (
    -- Merged: its customers count in no number.
    SELECT s.id, g.kind, 'merged_after_start' AS rule, [s.area] AS areas, s.customers, s.since, s.until,
        getvariable('at') < g.until AS lives
    FROM step AS s JOIN gone AS g USING (id)
    UNION ALL
    SELECT s.id, g.kind, 'merged_after_start', s.areas, 0, s.since, s.until, getvariable('at') < g.until
    FROM spot AS s JOIN gone AS g USING (id)
    UNION ALL
    -- Split, and customers of its own are out afterwards.
    SELECT s.id, o.kind, 'split_without_end', [s.area], s.customers, s.since, s.until, true
    FROM step AS s JOIN outage AS o USING (id) JOIN split AS p USING (id) WHERE coalesce(s.until > p.instant, true)
    UNION ALL
    SELECT s.id, o.kind, 'area_unknown', [s.area], s.customers, s.since, s.until, true
    FROM step AS s JOIN outage AS o USING (id) JOIN located AS l USING (area) WHERE NOT l.known
    UNION ALL
    SELECT s.id, o.kind, 'customers_unknown', [a.area], coalesce(v.customers, 0), s.since, s.until, true
    FROM (SELECT id, since, until, unnest(areas) AS area FROM spot) AS s JOIN outage AS o USING (id)
    JOIN calendar AS c ON s.since >= c.starts AND s.since < c.ends
    LEFT JOIN area_served AS v ON v.area = s.area AND v.day = c.day CROSS JOIN LATERAL (SELECT s.area AS area) AS a
    UNION ALL
    -- An event was rejected because the case was full: the counted number may be wrong.
    SELECT s.id, o.kind, 'case_full', [s.area], s.customers, s.since, s.until, true
    FROM step AS s JOIN outage AS o USING (id)
    SEMI JOIN (SELECT id FROM full_case WHERE family = 'outages' AND seen <= getvariable('at')) AS f ON f.id = s.id
    UNION ALL
    SELECT d.id, o.kind, d.rule, CASE WHEN d.area IS NULL THEN e.areas ELSE [d.area] END, d.customers,
        e.began, e.ended, true
    FROM doubt AS d JOIN outage AS o USING (id) JOIN interruption_event AS e ON e.id = d.id AND e.event_number = d.event_number
),
split_open AS (
    SELECT o.id, o.kind, CASE WHEN len(e.areas) > 0 THEN e.areas
        ELSE (SELECT list(a.area) FROM outage_area AS a WHERE a.id = o.id) END AS areas
    FROM outage AS o JOIN interruption_event AS e ON e.id = o.id AND e.latest JOIN split AS p ON p.id = o.id WHERE o.open
),
-- More of an area's customers out at once than it has: by the day of the beginning that brought them there, and now.
lasting AS (
    SELECT s.* FROM step AS s JOIN outage AS o USING (id)
    WHERE coalesce(s.until, getvariable('at')) - s.since > getvariable('momentary_threshold_seconds')
),
level AS (
    SELECT id, area, instant, sum(sum(change)) OVER (PARTITION BY id, area ORDER BY instant) AS customers,
        bool_or(change > 0) AS begins
    FROM (SELECT id, area, since AS instant, customers AS change FROM lasting
        UNION ALL SELECT id, area, until, -customers FROM lasting WHERE until IS NOT NULL)
    GROUP BY id, area, instant
),
excess AS (
    SELECT l.id, l.area, c.day, max(l.customers - v.customers) AS customers
    FROM level AS l JOIN calendar AS c ON l.instant >= c.starts AND l.instant < c.ends
    JOIN area_served AS v ON v.area = l.area AND v.day = c.day WHERE l.begins GROUP BY l.id, l.area, c.day
    UNION ALL
    SELECT s.id, s.area, 'now', sum(s.customers) - min(v.customers)
    FROM step AS s JOIN area_served AS v ON v.area = s.area AND v.day = (SELECT day FROM today)
    WHERE s.until IS NULL GROUP BY s.id, s.area
),
placed AS (
    SELECT f.id, f.kind, f.rule, f.areas, f.customers, c.day
    FROM found AS f JOIN calendar AS c ON f.since >= c.starts AND f.since < c.ends
    WHERE coalesce(f.until, getvariable('at')) - f.since > getvariable('momentary_threshold_seconds')
    UNION ALL
    SELECT id, kind, rule, areas, customers, 'now' FROM found WHERE until IS NULL AND lives
    UNION ALL
    SELECT id, kind, 'split_without_end', areas, 0, 'now' FROM split_open
    UNION ALL
    SELECT e.id, o.kind, 'more_affected_than_served', [e.area], e.customers, e.day
    FROM excess AS e JOIN outage AS o USING (id) WHERE e.customers > 0
)
SELECT *, row_number() OVER () AS mark FROM placed;

-- Each counts once in every scope that it touches.
CREATE TABLE in_question AS
SELECT id, kind, rule, scope, day, sum(customers)::BIGINT AS customers
FROM (SELECT DISTINCT m.mark, m.id, m.kind, m.rule, m.day, m.customers, s.scope
    FROM (SELECT *, unnest(areas) AS area FROM mark) AS m JOIN area_scope AS s USING (area))
GROUP BY id, kind, rule, scope, day;

INSERT INTO content SELECT DISTINCT scope, day, 'outage', id FROM in_question;
