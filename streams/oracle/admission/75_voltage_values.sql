-- Voltage records that are admitted: under the key of their area, and near enough to their own time stamp (seconds).
CREATE TABLE voltage_event AS
WITH dated AS (
    SELECT r.n, t.type, t.body, r.stamp AS sent, r.seen, r.key, t.body ->> 'area' AS area, t.body ->> 'point' AS point,
        CASE WHEN coalesce(t.body ->> 'phase', 'A') IN ('A', 'B', 'C') THEN coalesce(t.body ->> 'phase', '-')
            ELSE 'other' END AS phase, t.body ->> 'source' AS source,
        coalesce(try_cast(t.body ->> 'revision' AS BIGINT), 0) AS revision, instant(t.body ->> 'recorded_at') AS recorded_at,
        try_cast(t.body ->> 'nominal_centivolts' AS BIGINT) AS nominal,
        coalesce(try_cast(t.body ->> 'interval_seconds' AS BIGINT), getvariable('voltage_interval_seconds')) AS interval,
        CASE WHEN t.body ->> 'value_kind' IN ('instantaneous', 'mean') THEN t.body ->> 'value_kind'
            WHEN t.type = 'frame' THEN 'mean' ELSE 'instantaneous' END AS kind,
        CASE WHEN t.body ->> 'stamp' IN ('start', 'end') THEN t.body ->> 'stamp'
            WHEN t.type = 'frame' THEN 'start' ELSE 'end' END AS stamp,
        -- What says how to read a value and is on no list; the stamp is nothing to an instantaneous value.
        t.body ->> 'phase' NOT IN ('A', 'B', 'C') AS odd_phase,
        t.body ->> 'value_kind' NOT IN ('instantaneous', 'mean') AS odd_kind,
        t.body ->> 'stamp' NOT IN ('start', 'end') AS odd_stamp,
        CASE WHEN t.body ->> 'connection' IN ('single_phase', 'phase_to_neutral', 'phase_to_phase')
            THEN t.body ->> 'connection' WHEN t.body ->> 'connection' IS NOT NULL THEN 'other' END AS connection,
        CASE t.type WHEN 'reading' THEN instant(t.body ->> 'occurred_at') WHEN 'frame' THEN instant(t.body ->> 'start')
            ELSE day_start(t.body ->> 'day') END AS first
    FROM record AS r JOIN event_body AS t USING (n) ANTI JOIN wrong USING (n) WHERE r.family = 'voltage'
)
SELECT *, first + CASE type WHEN 'frame' THEN interval * (json_array_length(body, '$.values_centivolts') - 1) ELSE 0 END
    AS last
FROM dated
WHERE key = area
    AND greatest(recorded_at, CASE WHEN type <> 'daily_statistics' THEN last END)
        <= sent + getvariable('future_tolerance_seconds')
    AND least(recorded_at, first) >= sent - getvariable('correction_horizon_seconds');

-- One row per value. A mean counts from the start of its interval; an instantaneous value is held for one and a half.
-- Within a source the greatest (revision, rank, recorded_at, what is said) holds: what was written down after the slot
-- was sealed outranks what was not, and that what was written down in time but came too late.
CREATE TABLE voltage_value AS
WITH stated_value AS (
    SELECT n, 0 AS number, (body ->> 'value_centivolts')::BIGINT AS value,
        (body -> 'qualities')::BIGINT[] AS qualities
    FROM voltage_event WHERE type = 'reading'
    UNION ALL
    SELECT n, number - 1, value, CASE WHEN quality IS NOT NULL THEN [quality] END FROM (
        SELECT n, unnest((body -> 'values_centivolts')::BIGINT[]) AS value,
            generate_subscripts((body -> 'values_centivolts')::BIGINT[], 1) AS number,
            unnest((body -> 'qualities')::BIGINT[]) AS quality
        FROM voltage_event WHERE type = 'frame'
    )
)
SELECT n, e.seen, e.area, e.point, e.phase, e.source, e.revision, e.recorded_at, e.kind, v.value,
    e.first + v.number * e.interval - CASE WHEN e.kind = 'mean' AND e.stamp = 'end' THEN e.interval ELSE 0 END AS slot,
    CASE e.kind WHEN 'mean' THEN e.interval ELSE 3 * e.interval // 2 END AS length,
    len(list_filter(coalesce(v.qualities, []), lambda q: q NOT IN (0, 7, 14, 17, 18, 19))) = 0 AS usable,
    CASE WHEN e.recorded_at >= slot + 172800 THEN 2 WHEN e.sent < slot + 172800 THEN 1 ELSE 0 END AS rank,
    e.interval, list_sort(coalesce(v.qualities, []) || CASE WHEN coalesce(e.odd_phase, false) OR coalesce(e.odd_kind, false)
        OR (e.kind = 'mean' AND coalesce(e.odd_stamp, false)) THEN [20] ELSE [] END) AS qualities
FROM stated_value AS v JOIN voltage_event AS e USING (n);
