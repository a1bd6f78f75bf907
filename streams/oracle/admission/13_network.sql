-- grid.network.v1: of the network only areas and points decide a KPI.
INSERT INTO contract
SELECT 'network', type, part, field, shape, required, nullable, low, high, choices
FROM (VALUES
    ('area', '', 'area', 'text', true, false, 1, 128, NULL),
    ('area', '', 'region', 'text', true, false, 1, 128, NULL),
    ('area', '', 'area_type', 'text', true, true, 1, 128, NULL),
    ('area', '', 'feeder', 'text', false, true, 1, 128, NULL),
    ('area', '', 'demonstration', 'boolean', false, true, NULL, NULL, NULL),
    ('area', '', 'community', 'text', false, true, 1, 256, NULL),
    ('area', '', 'manager', 'text', false, true, 1, 256, NULL),
    ('area', '', 'served', 'list', true, false, 0, 5000, NULL),
    ('area', 'served', 'from', 'day', true, false, NULL, NULL, NULL),
    ('area', 'served', 'customers', 'integer', true, false, 0, 10000000, NULL),
    ('area', 'served', 'mv_users', 'integer', false, true, 0, 10000000, NULL),
    ('point', '', 'point', 'text', true, false, 1, 128, NULL),
    ('point', '', 'area', 'text', true, false, 1, 128, NULL),
    ('point', '', 'monitoring_class', 'text', true, false, 1, 128, NULL),
    ('point', '', 'nominal_centivolts', 'integer', true, false, 1, 1000000000, NULL),
    ('point', '', 'phases', 'texts', true, false, 1, 3, NULL),
    ('point', '', 'transformer_ratio', 'integer', false, true, 1, 1000000, NULL),
    ('point', '', 'connection', 'text', false, true, 1, 128, NULL),
    ('point', '', 'delivery_interval_seconds', 'integer', false, true, 1, 2678400, NULL),
    ('point', '', 'monitored_from', 'day', false, true, NULL, NULL, NULL)
) AS row (type, part, field, shape, required, nullable, low, high, choices);
