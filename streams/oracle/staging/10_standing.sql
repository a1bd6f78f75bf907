-- The version of each fact that holds at the read time: within a source the greatest (revision, recorded_at, event_id,
-- pin, value), between sources a pinned one, else the greatest (recorded_at, source, event_id).
CREATE TABLE winner AS
WITH stated AS (
    SELECT f.*, e.source, e.revision, e.recorded_at, e.event_id, e.pin FROM fact AS f JOIN event AS e USING (n)
    WHERE e.seen <= getvariable('at')
),
newest AS (
    SELECT *, row_number() OVER (PARTITION BY kind, id, path, place, source
        ORDER BY revision DESC, recorded_at DESC, event_id DESC, pin DESC, coalesce(value, 'null') DESC) AS age
    FROM stated
)
SELECT *, row_number() OVER (PARTITION BY kind, id, path, place
    ORDER BY pin DESC, recorded_at DESC, source DESC, event_id DESC) AS rank
FROM newest WHERE age = 1;

CREATE TABLE standing AS
SELECT kind, id, path, place, value, n, event_id, source, recorded_at, pin FROM winner WHERE rank = 1;
