-- Which records are events of their family: every field of the contract is checked in every object of the record.
-- Unknown fields are let through.
CREATE MACRO instant(words) AS CASE
    WHEN regexp_full_match(words, '[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,9})?([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])')
    THEN epoch(try_cast(words[1:10] || ' ' || words[12:19] AS TIMESTAMP))::BIGINT - CASE
        WHEN words[-1] IN ('Z', 'z') THEN 0
        ELSE (CASE words[-6] WHEN '-' THEN -60 ELSE 60 END) * (60 * words[-5:-4]::BIGINT + words[-2:]::BIGINT)
    END
END;

-- Of events: the year, as it is written, is one of 2000 to 2099.
CREATE MACRO valid_instant(words) AS coalesce(instant(words) IS NOT NULL AND words[1:2] = '20', false);

CREATE MACRO valid_day(words, first, last) AS
    regexp_full_match(words, '[0-9]{4}-[0-9]{2}-[0-9]{2}') AND words BETWEEN first AND last
    AND try_cast(words AS DATE) IS NOT NULL;

CREATE TABLE event_body AS
SELECT n, family, body, body ->> tag AS type FROM record JOIN family USING (family) WHERE body IS NOT NULL;

CREATE TABLE object AS
WITH found AS (
SELECT n, family, type, '' AS part, body FROM event_body
UNION ALL
SELECT n, family, type, 'plan', body -> 'plan' FROM event_body WHERE json_type(body, '$.plan') = 'OBJECT'
UNION ALL
SELECT n, family, type, 'areas', unnest(json_extract(body, '$.areas[*]')) FROM event_body
WHERE family = 'outages' AND json_type(body, '$.areas') = 'ARRAY'
UNION ALL
SELECT n, family, type, 'served', unnest(json_extract(body, '$.served[*]')) FROM event_body
WHERE family = 'network' AND json_type(body, '$.served') = 'ARRAY'
)
SELECT * FROM found SEMI JOIN contract USING (family, type, part);

CREATE MACRO bounded(amount, low, high) AS amount >= coalesce(low, amount) AND amount <= coalesce(high, amount);

CREATE TABLE wrong AS
WITH checked AS (
    SELECT o.n, c.*, o.body -> c.field AS value, json_type(o.body -> c.field) AS kind, o.body ->> c.field AS words,
        json_type(o.body) AS whole
    FROM object AS o JOIN contract AS c ON c.family = o.family AND c.type = o.type AND c.part = o.part
)
SELECT DISTINCT n FROM checked
WHERE whole <> 'OBJECT' OR NOT coalesce(CASE
    WHEN kind IS NULL THEN NOT required
    WHEN kind = 'NULL' THEN nullable
    WHEN shape = 'text' THEN kind = 'VARCHAR' AND bounded(length(words), low, high)
    WHEN shape = 'integer' THEN kind IN ('UBIGINT', 'BIGINT') AND bounded(try_cast(words AS HUGEINT), low, high)
    WHEN shape = 'boolean' THEN kind = 'BOOLEAN'
    WHEN shape = 'instant' THEN kind = 'VARCHAR' AND valid_instant(words)
    WHEN shape = 'choice' THEN kind = 'VARCHAR' AND words IN choices
    WHEN shape = 'day' THEN kind = 'VARCHAR' AND valid_day(words, '1900-01-01', '2199-12-31')
    WHEN shape = 'event_day' THEN kind = 'VARCHAR' AND valid_day(words, '2000-01-01', '2099-12-31')
    WHEN shape = 'object' THEN kind = 'OBJECT'
    WHEN shape = 'list' THEN kind = 'ARRAY' AND bounded(json_array_length(value), low, high)
    WHEN shape = 'texts' THEN kind = 'ARRAY' AND bounded(json_array_length(value), low, high)
        AND len(list_filter(json_extract(value, '$[*]'), lambda item: json_type(item) <> 'VARCHAR'
            OR CASE WHEN choices IS NULL THEN length(item ->> '$') NOT BETWEEN 1 AND 128
                ELSE (item ->> '$') NOT IN choices END)) = 0
END, false);

-- What no single field shows: a plan that ends before it starts, an area or a day named twice, a merge into itself, more
-- customers in all areas together than there are anywhere.
INSERT INTO wrong
SELECT n FROM object WHERE part = 'areas' GROUP BY n
HAVING sum(try_cast(coalesce(body ->> 'customers', body ->> 'remaining') AS HUGEINT)) > 100000000
UNION
SELECT n FROM object WHERE part = 'plan' AND instant(body ->> 'end') < instant(body ->> 'start')
UNION
SELECT n FROM object WHERE part = 'areas' GROUP BY n HAVING count(*) > count(DISTINCT coalesce(body ->> 'area', ''))
UNION
SELECT n FROM object WHERE part = 'served' GROUP BY n HAVING count(*) > count(DISTINCT body ->> 'from')
UNION
SELECT n FROM event_body WHERE family = 'outages' AND type = 'merged' AND body ->> 'into' = body ->> 'outage_id'
UNION
SELECT n FROM event_body ANTI JOIN event_type USING (family, type);
