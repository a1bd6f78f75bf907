-- What a record must hold to be an event: schemas/json, written down again as rows. `part` is '' for the event itself,
-- else the object or list of objects that contains the field. low and high bound lengths of texts and lists, and
-- values of integers.
CREATE TABLE contract (
    family VARCHAR, type VARCHAR, part VARCHAR, field VARCHAR, shape VARCHAR, required BOOLEAN, nullable BOOLEAN,
    low BIGINT, high BIGINT, choices VARCHAR[]
);

-- The families whose records are events, and the field that is their key.
CREATE TABLE family (family VARCHAR, key_field VARCHAR, tag VARCHAR);

INSERT INTO family VALUES
    ('outages', 'outage_id', 'event_type'), ('repairs', 'work_order_id', 'event_type'), ('network', NULL, 'record_type');

CREATE TABLE event_type (family VARCHAR, type VARCHAR);

INSERT INTO event_type
SELECT 'outages', unnest(['predicted', 'confirmed', 'scheduled', 'announced', 'started', 'extended', 'step_restored',
    'count_revised', 'restored', 'closed', 'cancelled', 'merged', 'split', 'info_published', 'etr'])
UNION ALL
SELECT 'repairs', unnest(['created', 'dispatched', 'accepted', 'en_route', 'arrived', 'waiting', 'resumed',
    'field_complete', 'returned', 'reassigned', 'cancelled', 'closed', 'rated'])
UNION ALL
SELECT 'network', unnest(['region', 'station', 'feeder', 'area', 'point']);

-- The envelope of every event of a case.
CREATE TABLE envelope AS
SELECT * FROM (VALUES
    ('event_id', 'text', true, false, 1, 128), ('revision', 'integer', true, false, 0, 9007199254740991),
    ('occurred_at', 'instant', true, false, NULL, NULL), ('recorded_at', 'instant', true, false, NULL, NULL),
    ('source', 'text', true, false, 1, 64), ('corrects', 'text', false, true, 1, 128),
    ('void', 'boolean', false, false, NULL, NULL), ('pin', 'boolean', false, false, NULL, NULL)
) AS row (field, shape, required, nullable, low, high);

INSERT INTO contract
SELECT family, type, '', field, shape, required, nullable, low, high, NULL
FROM event_type CROSS JOIN envelope WHERE family IN ('outages', 'repairs');

INSERT INTO contract
SELECT family, type, '', key_field, 'text', true, false, 1, 128, NULL
FROM event_type JOIN family USING (family) WHERE key_field IS NOT NULL;
