-- grid.repairs.v1: the fields of each kind of event besides the envelope.
INSERT INTO contract
SELECT 'repairs', unnest(types), '', field, shape, required, nullable, low, high, choices
FROM (VALUES
    (['created'], 'report_received_at', 'instant', true, false, NULL, NULL, NULL),
    (['created'], 'work_type', 'text', true, false, 1, 128, NULL),
    (['created'], 'origin', 'text', true, false, 1, 128, NULL),
    (['created'], 'triggered_by', 'texts', false, true, 0, 100, NULL),
    (['created'], 'outage_id', 'text', false, true, 1, 128, NULL),
    (['created'], 'point_id', 'text', false, true, 1, 128, NULL),
    (['created'], 'complaint_id', 'text', false, true, 1, 128, NULL),
    (['created'], 'area', 'text', false, true, 1, 128, NULL),
    (['dispatched', 'reassigned'], 'crew', 'text', true, false, 1, 128, NULL),
    (['waiting'], 'reason', 'text', true, false, 1, 256, NULL),
    (['returned'], 'reason', 'text', false, true, 1, 256, NULL),
    (['rated'], 'score', 'integer', true, false, 1, 5, NULL)
) AS row (types, field, shape, required, nullable, low, high, choices);
