-- Lists of numbers: values and qualities of a frame may be null, qualities of a reading not; a frame's are as many.
CREATE MACRO odd(items, high) AS len(list_filter(items, lambda item: json_type(item) NOT IN ('UBIGINT', 'BIGINT')
    OR coalesce(try_cast(item ->> '$' AS HUGEINT) NOT BETWEEN 0 AND high, true))) > 0;

CREATE MACRO given(items) AS list_filter(items, lambda item: json_type(item) <> 'NULL');

INSERT INTO wrong
SELECT n FROM event_body WHERE family = 'voltage' AND type = 'frame' AND json_type(body, '$.values_centivolts') = 'ARRAY'
    AND odd(given(json_extract(body, '$.values_centivolts[*]')), 1000000000)
UNION
SELECT n FROM event_body WHERE family = 'voltage' AND type = 'frame' AND json_type(body, '$.qualities') = 'ARRAY'
    AND (odd(given(json_extract(body, '$.qualities[*]')), 19)
        OR json_array_length(body, '$.qualities') <> json_array_length(body, '$.values_centivolts'))
UNION
SELECT n FROM event_body WHERE family = 'voltage' AND type = 'reading' AND json_type(body, '$.qualities') = 'ARRAY'
    AND odd(json_extract(body, '$.qualities[*]'), 19);
