-- The working calendar, a row per local day: `worked` by the last published list that contains the day, otherwise Monday to
-- Friday; `passed` counts the working days up to and including it.
CREATE TABLE working_day AS
WITH since AS (
    SELECT least(min(occurred_at), min(received_at), getvariable('at')) - 86400 AS first FROM event
),
day AS (
    SELECT unnest(generate_series(day_of(first)::DATE, day_of(getvariable('at'))::DATE + INTERVAL 400 DAY,
        INTERVAL 1 DAY))::DATE AS day FROM since
),
listed AS (
    SELECT d.day, arg_max(l.list, l.list) AS list FROM day AS d
    JOIN calendar_list AS l ON d.day BETWEEN l.valid_from AND l.valid_to GROUP BY d.day
),
judged AS (
    SELECT d.day, l.list IS NOT NULL AS listed, CASE
        WHEN EXISTS (SELECT 1 FROM calendar_working AS w WHERE w.list = l.list AND w.day = d.day) THEN 1
        WHEN EXISTS (SELECT 1 FROM calendar_off AS o WHERE o.list = l.list AND d.day BETWEEN o.first AND o.last) THEN 0
        WHEN isodow(d.day) <= 5 THEN 1 ELSE 0
    END AS worked
    FROM day AS d LEFT JOIN listed AS l USING (day)
)
SELECT strftime(day, '%Y-%m-%d') AS day, listed, worked, sum(worked) OVER (ORDER BY day) AS passed FROM judged;
