-- Each point over each period: its rate is that of the whole period, in parts per billion, rounded half to even.
CREATE TABLE voltage_member AS
WITH class AS (SELECT unnest(['A', 'B', 'C', 'D', 'unknown']) AS class)
SELECT class AS name, class FROM class UNION ALL SELECT 'all', class FROM class;

CREATE TABLE voltage_period AS
WITH span AS (SELECT DISTINCT period, first, last FROM place WHERE period <> 'now' AND NOT contains(period, 'W')),
measured AS (
    SELECT d.area, d.point, s.period, sum(d.compliant) AS compliant, sum(d.compliant + d.over + d.under) AS monitored,
        sum(d.excluded) AS excluded
    FROM voltage_day AS d JOIN span AS s ON d.day BETWEEN s.first AND s.last GROUP BY d.area, d.point, s.period
),
due AS (
    SELECT e.area, e.point, s.period, sum(e.seconds) AS expected, sum(e.rate) AS rate
    FROM voltage_expected AS e JOIN span AS s ON e.day BETWEEN s.first AND s.last GROUP BY e.area, e.point, s.period
),
-- Of the days of a period that are over, those on which something was expected decide whether enough is covered.
coverage AS (
    SELECT e.area, e.point, s.period, 100 * coalesce(sum(d.compliant + d.over + d.under + d.excluded), 0)
        < getvariable('voltage_min_coverage_percent') * sum(e.seconds) AS low
    FROM voltage_expected AS e JOIN span AS s ON e.day BETWEEN s.first AND s.last
    LEFT JOIN voltage_day AS d ON d.area = e.area AND d.point = e.point AND d.day = e.day
    WHERE e.over GROUP BY e.area, e.point, s.period
)
SELECT p.area, p.point, p.class, period, m.compliant, m.monitored, m.excluded, d.expected, d.rate,
    coalesce(c.low, false) AS low,
    CASE WHEN m.monitored > 0 AND NOT coalesce(c.low, false) THEN m.compliant * 1000000000 // m.monitored + CASE
        WHEN 2 * (m.compliant * 1000000000 % m.monitored) + m.compliant * 1000000000 // m.monitored % 2 > m.monitored
            THEN 1 ELSE 0 END
    END AS ppb
FROM measured AS m FULL JOIN due AS d USING (area, point, period)
LEFT JOIN coverage AS c USING (area, point, period) JOIN voltage_point AS p USING (area, point);

CREATE TABLE voltage_cell AS SELECT v.*, s.scope FROM voltage_period AS v JOIN voltage_scope AS s USING (area);
