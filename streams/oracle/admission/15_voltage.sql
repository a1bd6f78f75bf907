-- grid.voltage-readings.v1: the fields of each kind of event. There is no envelope of a case; the key is the area.
INSERT INTO family VALUES ('voltage', 'area', 'event_type');

INSERT INTO event_type SELECT 'voltage', unnest(['reading', 'frame', 'daily_statistics']);

INSERT INTO contract
SELECT 'voltage', unnest(types), '', field, shape, required, nullable, low, high, choices
FROM (VALUES
    (['reading', 'frame', 'daily_statistics'], 'area', 'text', true, false, 1, 128, NULL),
    (['reading', 'frame', 'daily_statistics'], 'point', 'text', true, false, 1, 128, NULL),
    (['reading', 'frame', 'daily_statistics'], 'source', 'text', true, false, 1, 64, NULL),
    (['reading', 'frame', 'daily_statistics'], 'recorded_at', 'instant', true, false, NULL, NULL, NULL),
    (['reading', 'frame', 'daily_statistics'], 'revision', 'integer', false, false, 0, 9007199254740991, NULL),
    (['reading', 'frame', 'daily_statistics'], 'phase', 'text', false, true, 1, 128, NULL),
    (['reading'], 'occurred_at', 'instant', true, false, NULL, NULL, NULL),
    (['reading'], 'value_centivolts', 'integer', true, true, 0, 1000000000, NULL),
    (['reading'], 'interval_seconds', 'integer', false, true, 1, 86400, NULL),
    (['reading'], 'qualities', 'list', false, true, 0, 100, NULL),
    (['frame'], 'start', 'instant', true, false, NULL, NULL, NULL),
    (['frame'], 'interval_seconds', 'integer', true, false, 1, 86400, NULL),
    (['frame'], 'values_centivolts', 'list', true, false, 1, 1500, NULL),
    (['frame'], 'qualities', 'list', false, true, 0, NULL, NULL),
    (['reading', 'frame'], 'nominal_centivolts', 'integer', false, true, 1, 1000000000, NULL),
    (['reading', 'frame'], 'value_kind', 'text', false, false, 1, 128, NULL),
    (['reading', 'frame'], 'stamp', 'text', false, false, 1, 128, NULL),
    (['reading', 'frame'], 'connection', 'text', false, true, 1, 128, NULL),
    (['daily_statistics'], 'day', 'event_day', true, false, NULL, NULL, NULL),
    (['daily_statistics'], 'monitored_minutes', 'integer', true, false, 0, 1500, NULL),
    (['daily_statistics'], 'over_minutes', 'integer', true, false, 0, 1500, NULL),
    (['daily_statistics'], 'under_minutes', 'integer', true, false, 0, 1500, NULL),
    (['daily_statistics'], 'max_centivolts', 'integer', false, true, 0, 1000000000, NULL),
    (['daily_statistics'], 'min_centivolts', 'integer', false, true, 0, 1000000000, NULL)
) AS row (types, field, shape, required, nullable, low, high, choices);
