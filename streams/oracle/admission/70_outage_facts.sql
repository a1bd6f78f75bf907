-- What outage events state: one row per fact, (id, path, place) its register, `value` canonical JSON, null = unknown.
-- A list of counts is one value, {area: [customers, mv_users, residential, important]} without what is missing at the
-- end; an entry of the timeline is [remaining, restored, 1 if it extends], likewise.
CREATE MACRO trimmed(items) AS to_json(items[1:coalesce(list_max(list_transform(items, lambda item, i:
    CASE WHEN item IS NOT NULL OR i = 1 THEN i END)), 1)])::VARCHAR;

CREATE TABLE counted AS
SELECT o.n, '{' || coalesce(string_agg(to_json(coalesce(o.body ->> 'area', ''))::VARCHAR || ':' || trimmed([
    (o.body ->> 'customers')::BIGINT, (o.body ->> 'mv_users')::BIGINT, (o.body ->> 'residential')::BIGINT,
    (o.body ->> 'important')::BIGINT]), ',' ORDER BY coalesce(o.body ->> 'area', '')), '') || '}' AS value
FROM object AS o JOIN event AS e USING (n) WHERE o.part = 'areas' AND e.family = 'outages' GROUP BY o.n;

CREATE TABLE entry AS
SELECT o.n, coalesce(o.body ->> 'area', '') AS area, trimmed([(o.body ->> 'remaining')::BIGINT,
    (o.body ->> 'restored')::BIGINT, CASE WHEN e.type = 'extended' THEN 1 END]) AS value
FROM object AS o JOIN event AS e USING (n)
WHERE o.part = 'areas' AND e.family = 'outages' AND e.type IN ('extended', 'step_restored');

CREATE TABLE fact (n BIGINT, kind VARCHAR, id VARCHAR, path VARCHAR, place VARCHAR, value VARCHAR);

-- About the outage as a whole: stated where the field is there, null included, and not by a void event.
INSERT INTO fact
SELECT n, 'outage', id, 'kind', '', (body -> 'kind')::VARCHAR FROM event
WHERE family = 'outages' AND NOT void AND json_type(body, '$.kind') IS NOT NULL
    AND type IN ('predicted', 'confirmed', 'scheduled', 'announced', 'started')
UNION ALL
SELECT n, 'outage', id, 'intended_kind', '', '"planned"' FROM event
WHERE family = 'outages' AND NOT void AND json_type(body, '$.kind') IS NULL AND type IN ('scheduled', 'announced');

INSERT INTO fact
SELECT n, 'outage', id, type, '', CASE WHEN NOT void THEN occurred_at::VARCHAR END FROM event
WHERE family = 'outages'
    AND type IN ('predicted', 'confirmed', 'scheduled', 'announced', 'cancelled', 'closed')
UNION ALL
SELECT n, 'outage', id, 'merged', '', CASE WHEN NOT void THEN (body -> 'into')::VARCHAR END FROM event
WHERE family = 'outages' AND type = 'merged'
UNION ALL
SELECT n, 'outage', id, 'split', '', CASE WHEN void THEN '[]' ELSE to_json(list_sort(list_distinct(
    list_transform(json_extract(body, '$.into[*]'), lambda each: each ->> '$'))))::VARCHAR END FROM event
WHERE family = 'outages' AND type = 'split'
UNION ALL
SELECT n, 'outage', id, type || '_at', '', CASE WHEN NOT void THEN occurred_at::VARCHAR END FROM event
WHERE family = 'outages' AND type IN ('merged', 'split')
UNION ALL
SELECT n, 'outage', id, CASE type WHEN 'started' THEN 'start' ELSE 'end' END, coalesce(body ->> 'cycle', '1'),
    CASE WHEN NOT void THEN occurred_at::VARCHAR END FROM event
WHERE family = 'outages' AND type IN ('started', 'restored');

-- Lists of areas: expected before the first start, otherwise of a cycle.
INSERT INTO fact
SELECT e.n, 'outage', e.id,
    CASE WHEN e.type IN ('started', 'count_revised') THEN 'count' ELSE 'expected' END,
    CASE WHEN e.type IN ('started', 'count_revised') THEN coalesce(e.body ->> 'cycle', '1') ELSE '' END,
    CASE WHEN NOT e.void THEN coalesce(c.value, '{}') END
FROM event AS e LEFT JOIN counted AS c USING (n)
WHERE e.family = 'outages' AND (json_type(e.body, '$.areas') = 'ARRAY' OR (e.void AND e.type = 'started'))
    AND e.type IN ('predicted', 'confirmed', 'scheduled', 'announced', 'started', 'count_revised');

-- Steps and extensions: by the instant, or by the id of a step; `corrects` names either, and an instant is left.
CREATE TABLE change AS
SELECT *, CASE WHEN valid_instant(corrects) THEN instant(corrects) END AS moved,
    CASE WHEN corrects IS NOT NULL AND NOT valid_instant(corrects) THEN corrects
        WHEN type = 'step_restored' THEN body ->> 'step' END AS step
FROM event WHERE family = 'outages' AND type IN ('extended', 'step_restored');

INSERT INTO fact
SELECT c.n, 'outage', c.id, 'timeline ' || c.moved, e.area, NULL FROM change AS c JOIN entry AS e USING (n)
WHERE c.moved IS NOT NULL AND (c.step IS NOT NULL OR c.void OR c.moved <> c.occurred_at)
UNION ALL
SELECT c.n, 'outage', c.id, 'timeline ' || c.occurred_at, e.area, CASE WHEN NOT c.void THEN e.value END
FROM change AS c JOIN entry AS e USING (n) WHERE c.step IS NULL AND NOT (c.void AND c.moved IS NOT NULL)
UNION ALL
SELECT c.n, 'outage', c.id, 'step', c.step, CASE WHEN NOT c.void THEN '[' || c.occurred_at || ',{' || (
    SELECT string_agg(to_json(e.area)::VARCHAR || ':' || e.value, ',' ORDER BY e.area) FROM entry AS e WHERE e.n = c.n
) || '}]' END FROM change AS c WHERE c.step IS NOT NULL;
