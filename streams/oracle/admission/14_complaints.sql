-- grid.complaints.v1: the fields of each kind of event besides the envelope.
INSERT INTO family VALUES ('complaints', 'complaint_id', 'event_type');

INSERT INTO event_type
SELECT 'complaints', unnest(['accepted', 'assigned', 'returned', 'transferred', 'forwarded', 'contacted', 'replied',
    'ruled', 'linked', 'survey_sent', 'rated', 'closed', 'reopened', 'withdrawn']);

INSERT INTO contract
SELECT family, type, '', field, shape, required, nullable, low, high, NULL
FROM event_type CROSS JOIN envelope WHERE family = 'complaints'
UNION ALL
SELECT family, type, '', key_field, 'text', true, false, 1, 128, NULL
FROM event_type JOIN family USING (family) WHERE family = 'complaints';

INSERT INTO contract
SELECT 'complaints', unnest(types), '', field, shape, required, nullable, low, high, choices
FROM (VALUES
    (['accepted'], 'case_kind', 'text', true, false, 1, 128, NULL),
    (['accepted'], 'category', 'text', false, true, 1, 128, NULL),
    (['accepted'], 'level', 'text', false, true, 1, 128, NULL),
    (['accepted'], 'channel', 'text', false, true, 1, 128, NULL),
    (['accepted'], 'customer_ref', 'text', false, true, 1, 128, NULL),
    (['accepted', 'linked'], 'area', 'text', false, true, 1, 128, NULL),
    (['assigned', 'transferred'], 'unit', 'text', true, false, 1, 128, NULL),
    (['returned'], 'reason', 'text', false, true, 1, 256, NULL),
    (['contacted'], 'purpose', 'text', false, true, 1, 128, NULL),
    (['ruled'], 'justified', 'boolean', true, false, NULL, NULL, NULL),
    (['linked'], 'outage_id', 'text', false, true, 1, 128, NULL),
    (['linked'], 'point_id', 'text', false, true, 1, 128, NULL),
    (['rated'], 'score', 'integer', true, false, 1, 5, NULL),
    (['rated'], 'rated_by', 'text', false, true, 1, 128, NULL)
) AS row (types, field, shape, required, nullable, low, high, choices);
