-- grid.outages.v1: the fields of each kind of event besides the envelope. Kinds and other lists may be extended by who
-- sends them: what is not on them is other.
CREATE MACRO outage_kinds() AS
    ['fault', 'planned', 'temporary', 'load_shedding', 'upstream', 'customer_caused', 'non_payment', 'other'];

INSERT INTO contract
SELECT 'outages', unnest(types), part, field, shape, required, nullable, low, high, choices
FROM (VALUES
    (['predicted', 'confirmed', 'scheduled', 'announced'], '', 'kind', 'text', false, true, 1, 128, NULL),
    (['started'], '', 'kind', 'text', true, false, 1, 128, NULL),
    (['predicted', 'confirmed', 'scheduled', 'announced', 'started'], '', 'areas', 'list', false, true, 0, 5000, NULL),
    (['count_revised', 'extended', 'step_restored'], '', 'areas', 'list', true, false, 1, 5000, NULL),
    (['predicted', 'confirmed', 'started'], '', 'cause', 'text', false, true, 1, 256, NULL),
    (['predicted', 'confirmed', 'started'], '', 'detected_by', 'text', false, true, 1, 128, NULL),
    (['predicted', 'confirmed', 'started'], '', 'detected_at', 'instant', false, true, NULL, NULL, NULL),
    (['started'], '', 'first_call_at', 'instant', false, true, NULL, NULL, NULL),
    (['started', 'count_revised', 'restored'], '', 'cycle', 'integer', false, false, 1, 1000, NULL),
    (['started'], '', 'plan', 'object', false, true, NULL, NULL, NULL),
    (['scheduled', 'announced'], '', 'plan', 'object', true, false, NULL, NULL, NULL),
    (['started', 'scheduled', 'announced'], 'plan', 'announced_at', 'instant', false, true, NULL, NULL, NULL),
    (['started', 'scheduled', 'announced'], 'plan', 'start', 'instant', true, false, NULL, NULL, NULL),
    (['started', 'scheduled', 'announced'], 'plan', 'end', 'instant', true, false, NULL, NULL, NULL),
    (['step_restored'], '', 'step', 'text', false, true, 1, 128, NULL),
    (['step_restored'], '', 'by', 'text', true, false, 1, 128, NULL),
    (['merged'], '', 'into', 'text', true, false, 1, 128, NULL),
    (['split'], '', 'into', 'texts', true, false, 1, 5000, NULL),
    (['info_published'], '', 'about', 'text', true, false, 1, 128, NULL),
    (['etr'], '', 'etr', 'instant', true, true, NULL, NULL, NULL),
    (['predicted', 'confirmed', 'scheduled', 'announced', 'started', 'count_revised', 'extended', 'step_restored'],
        'areas', 'area', 'text', true, true, 1, 128, NULL),
    (['predicted', 'confirmed', 'scheduled', 'announced', 'started', 'count_revised'],
        'areas', 'customers', 'integer', true, true, 0, 10000000, NULL),
    (['predicted', 'confirmed', 'scheduled', 'announced', 'started', 'count_revised'],
        'areas', 'mv_users', 'integer', false, true, 0, 10000000, NULL),
    (['predicted', 'confirmed', 'scheduled', 'announced', 'started', 'count_revised'],
        'areas', 'residential', 'integer', false, true, 0, 10000000, NULL),
    (['predicted', 'confirmed', 'scheduled', 'announced', 'started', 'count_revised'],
        'areas', 'important', 'integer', false, true, 0, 10000000, NULL),
    (['extended', 'step_restored'], 'areas', 'remaining', 'integer', true, true, 0, 10000000, NULL),
    (['extended', 'step_restored'], 'areas', 'restored', 'integer', false, true, 0, 10000000, NULL)
) AS row (types, part, field, shape, required, nullable, low, high, choices);
