-- Scopes and periods of KPIs, with the days of each period up to the read time, its days with known customers served (all days
-- from the first of them on), the sum of their customers served, and whether a record is required also without content: the
-- scopes of the network have all their current periods, and keep earlier current periods.
CREATE TABLE current_period AS
WITH been AS (
    SELECT DISTINCT c.day FROM read_time AS r JOIN calendar AS c ON r.instant >= c.starts AND r.instant < c.ends
    WHERE r.instant <= getvariable('at')
    UNION
    SELECT day FROM today
)
SELECT day AS period FROM been UNION SELECT week_of(day) FROM been UNION SELECT day[1:7] FROM been
UNION SELECT 'last30d';

CREATE TABLE place AS
WITH scope AS (
    SELECT 'all' AS scope UNION SELECT scope FROM known_scope UNION SELECT scope FROM content
    UNION SELECT scope FROM published
),
period AS (
    SELECT scope, day AS period FROM content
    UNION
    SELECT scope, unnest([week_of(day), day[1:7]]) FROM content WHERE day <> 'now'
    UNION
    SELECT scope, period FROM published
    UNION
    SELECT scope, unnest(['now', 'last30d']) FROM scope
    UNION
    SELECT scope, period FROM scope CROSS JOIN current_period
),
part AS (SELECT unnest([day, week_of(day), day[1:7]]) AS period, starts, ends FROM calendar),
dated AS (
    SELECT p.*, coalesce(CASE
            WHEN p.period = 'last30d' THEN (SELECT f.starts FROM calendar AS f, today AS t
                WHERE f.day::DATE = t.day::DATE - 29)
            WHEN p.period <> 'now' THEN min(c.starts) END, 0) AS starts,
        CASE WHEN p.period NOT IN ('now', 'last30d') THEN max(c.ends) END AS over_at
    FROM period AS p LEFT JOIN part AS c ON c.period = p.period
    GROUP BY p.scope, p.period
)
SELECT d.scope, CASE WHEN d.scope = 'all' THEN 'all' ELSE regexp_replace(d.scope, '=[^,]*', '', 'g') END AS grouping,
    d.period, d.over_at, min(c.day) AS first, max(c.day) AS last, count(c.day) AS days,
    sum(s.customers)::BIGINT AS customer_days, count(s.customers) AS served_days,
    min(c.day) FILTER (s.customers IS NOT NULL) AS served_from,
    d.scope IN (SELECT scope FROM known_scope) AS known,
    CASE WHEN d.period = 'now' THEN d.scope = 'all' OR d.scope IN (SELECT scope FROM known_scope)
        ELSE d.scope IN (SELECT scope FROM known_scope) AND d.period IN (SELECT period FROM current_period)
    END AS expected
FROM dated AS d
LEFT JOIN calendar AS c ON d.period <> 'now' AND c.starts >= d.starts AND c.ends <= coalesce(d.over_at, c.ends)
    AND c.day <= (SELECT day FROM today)
LEFT JOIN served AS s ON s.scope = d.scope AND s.day = c.day
GROUP BY d.scope, d.period, d.over_at;

CREATE MACRO live(groupings) AS TABLE
    SELECT scope, period FROM place WHERE period = 'now' AND list_contains(groupings, grouping);

CREATE MACRO dated(groupings) AS TABLE
    SELECT * FROM place
    WHERE period <> 'now' AND NOT contains(period, 'W') AND list_contains(groupings, grouping);

-- Cells of weeks: a week has sums of its own, not sums of days.
CREATE MACRO weekly(groupings) AS TABLE
    SELECT * FROM place WHERE contains(period, 'W') AND list_contains(groupings, grouping);

-- `all` of a dimension is the sum of its values.
CREATE TABLE outage_kind AS
WITH stated AS (SELECT unnest(['fault', 'planned', 'load_shedding', 'other', 'unknown']) AS kind)
SELECT kind, kind AS member FROM stated UNION ALL SELECT 'all', kind FROM stated;
