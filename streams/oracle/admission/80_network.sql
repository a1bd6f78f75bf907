-- The places by the last records of the network topic; invalid records are ignored, removed records are deleted.
CREATE TABLE network AS
SELECT key, n, body, loaded FROM (
    SELECT key, n, body, empty, stamp AS loaded, row_number() OVER (PARTITION BY key ORDER BY n DESC) AS age
    FROM record ANTI JOIN wrong USING (n) WHERE family = 'network' AND (empty OR body IS NOT NULL)
) WHERE age = 1 AND NOT empty;

CREATE TABLE area AS
SELECT body ->> 'area' AS area, body ->> 'region' AS region, CASE WHEN body ->> 'area_type' IN ('urban', 'rural', 'remote')
    THEN body ->> 'area_type' END AS area_type, body FROM (
    SELECT body, row_number() OVER (PARTITION BY body ->> 'area' ORDER BY n DESC) AS age
    FROM network WHERE body ->> 'record_type' = 'area'
) WHERE age = 1;

-- Names in scopes are percent-quoted where they hold a character of the notation.
CREATE MACRO quoted(name) AS list_aggregate(list_transform(string_split(name, ''), lambda c: CASE
    WHEN c IN ('%', '|', ',', '=') OR unicode(c) < 32 OR unicode(c) = 127 THEN printf('%%%02X', unicode(c)) ELSE c
END), 'string_agg', '');

-- A point in keys: its area and its id; in both what the notation of keys uses is percent-quoted.
CREATE MACRO key_part(name) AS list_aggregate(list_transform(string_split(name, ''), lambda c: CASE
    WHEN c IN ('%', '/', '|') OR unicode(c) < 32 OR unicode(c) = 127 THEN printf('%%%02X', unicode(c)) ELSE c
END), 'string_agg', '');

-- Every area that is named; an area that the network does not have is in region unknown.
CREATE TABLE mentioned AS
SELECT area FROM area
UNION
SELECT coalesce(body ->> 'area', '') FROM object WHERE part = 'areas'
UNION
SELECT body ->> 'area' FROM event_body WHERE body ->> 'area' IS NOT NULL
UNION
SELECT '';

CREATE TABLE located AS
SELECT m.area, a.region IS NOT NULL AS known, coalesce(a.region, 'unknown') AS region,
    coalesce(a.area_type, 'unknown') AS area_type FROM mentioned AS m LEFT JOIN area AS a USING (area);

CREATE TABLE area_scope AS
SELECT area, known, unnest(['all', 'region=' || quoted(region),
    'region=' || quoted(region) || ',area_type=' || quoted(area_type)]) AS scope FROM located;

CREATE TABLE known_scope AS SELECT DISTINCT scope FROM area_scope WHERE known;

-- Customers served per scope and local day: each area's figure holds from its day on until the next.
CREATE TABLE figure AS
SELECT area, item ->> 'from' AS since, (item ->> 'customers')::BIGINT AS customers
FROM (SELECT area, unnest(json_extract(body, '$.served[*]')) AS item FROM area);

CREATE TABLE area_served AS
SELECT a.area, c.day, f.customers FROM (SELECT area FROM area) AS a CROSS JOIN calendar AS c
ASOF JOIN figure AS f ON f.area = a.area AND f.since <= c.day;

-- The customers served of a scope are the sum over its areas; unknown while an area has no number.
CREATE TABLE served AS
SELECT s.scope, c.day, CASE WHEN count(d.customers) = count(*) THEN sum(d.customers)::BIGINT END AS customers
FROM area AS a JOIN area_scope AS s USING (area) CROSS JOIN calendar AS c
LEFT JOIN area_served AS d ON d.area = a.area AND d.day = c.day GROUP BY s.scope, c.day;
