-- The crews that have numbers of their own: the first 1,000 that admitted orders of a partition name, in its order.
CREATE TABLE named_crew AS
WITH given AS (
    SELECT r.partition, f.value ->> 1 AS crew, min(f.n) AS first
    FROM fact AS f JOIN record AS r USING (n)
    WHERE f.kind = 'order' AND f.path IN ('dispatched', 'reassigned') AND f.value IS NOT NULL GROUP BY ALL
),
ranked AS (SELECT *, row_number() OVER (PARTITION BY partition ORDER BY first) AS rank FROM given)
SELECT partition, crew FROM ranked WHERE rank <= getvariable('crews');

CREATE TABLE order_partition AS
SELECT DISTINCT e.id, r.partition FROM event AS e JOIN record AS r USING (n) WHERE e.family = 'repairs';

-- The scope in which what belongs to a crew counts, by order.
CREATE TABLE crew_scope AS
SELECT DISTINCT f.id, f.value ->> 1 AS crew,
    'crew=' || CASE WHEN c.crew IS NULL THEN 'other' ELSE quoted(c.crew) END AS scope
FROM fact AS f JOIN order_partition AS p USING (id)
LEFT JOIN named_crew AS c ON c.partition = p.partition AND c.crew = f.value ->> 1
WHERE f.kind = 'order' AND f.path IN ('dispatched', 'reassigned') AND f.value IS NOT NULL;
