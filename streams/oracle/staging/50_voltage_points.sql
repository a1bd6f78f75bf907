-- Voltage points: what the network says of them, and what they say themselves; limits in 0.01 V on the meter's side.
CREATE TABLE voltage_point AS
WITH known AS (
    SELECT body ->> 'area' AS area, body ->> 'point' AS point, CASE WHEN body ->> 'monitoring_class' IN ('A', 'B', 'C', 'D')
            THEN body ->> 'monitoring_class' ELSE 'unknown' END AS class,
        (body ->> 'nominal_centivolts')::BIGINT AS nominal, len(list_distinct(list_transform((body -> 'phases')::VARCHAR[],
            lambda p: CASE WHEN p IN ('A', 'B', 'C') THEN p ELSE 'other' END))) AS phases,
        coalesce((body ->> 'transformer_ratio')::BIGINT, 1) AS ratio, body ->> 'monitored_from' AS monitored_from, loaded,
        body ->> 'connection' AS connection, (body ->> 'delivery_interval_seconds')::BIGINT AS delivery
    FROM network WHERE body ->> 'record_type' = 'point'
    QUALIFY row_number() OVER (PARTITION BY body ->> 'area', body ->> 'point' ORDER BY n DESC) = 1
),
heard AS (
    SELECT area, point, count(DISTINCT phase) AS phases, min(slot) AS first_slot
    FROM voltage_value WHERE seen <= getvariable('at') GROUP BY area, point
),
own AS (
    SELECT area, point, nominal FROM voltage_event WHERE seen <= getvariable('at') AND nominal IS NOT NULL
    QUALIFY row_number() OVER (PARTITION BY area, point 
        ORDER BY revision DESC, recorded_at DESC, source DESC, nominal DESC) = 1
),
own_connection AS (
    SELECT area, point, connection FROM voltage_event WHERE seen <= getvariable('at') AND connection IS NOT NULL
    QUALIFY row_number() OVER (PARTITION BY area, point
        ORDER BY revision DESC, recorded_at DESC, source DESC, connection DESC) = 1
),
point AS (
    SELECT coalesce(h.area, k.area) AS area, coalesce(k.point, h.point) AS point, coalesce(k.class, 'unknown') AS class,
        coalesce(k.nominal, o.nominal) AS nominal, coalesce(k.ratio, 1) AS ratio,
        coalesce(k.phases, h.phases) AS phases,
        -- Without a date of the network: since it has the point, or since the first value if that is earlier.
        coalesce(k.monitored_from, least(day_of(h.first_slot), day_of(k.loaded))) AS expected_from,
        h.first_slot, k.point IS NOT NULL AS listed, k.delivery,
        CASE WHEN k.point IS NULL THEN c.connection ELSE k.connection END AS connection
    FROM known AS k FULL JOIN heard AS h ON h.area = k.area AND h.point = k.point
    LEFT JOIN own AS o ON o.area = h.area AND o.point = h.point
    LEFT JOIN own_connection AS c ON c.area = h.area AND c.point = h.point
),
-- The supply's voltage from phase to phase decides; of a phase against neutral it is sqrt(3) times the nominal voltage,
-- give or take 1 % that its rounding (57.7 V) may cost.
supply AS (
    SELECT *, nominal * ratio * CASE connection WHEN 'phase_to_neutral' THEN sqrt(3) ELSE 1 END AS line,
        CASE connection WHEN 'phase_to_neutral' THEN 0.01 ELSE 0 END AS play,
        coalesce(connection = 'single_phase', nominal * ratio <= 25000) AS single
    FROM point
),
limited AS (
    SELECT *, getvariable('voltage_limits')::JSON -> nominal::VARCHAR AS own_limits,
        line <= 100000 * (1 + play) AS low_voltage,
        CASE WHEN line >= 3500000 * (1 - play) THEN NULL WHEN single THEN 10 ELSE 7 END AS below
    FROM supply
),
-- With a connection that is on no list nobody knows the limits, unless the settings do.
settled AS (
    SELECT * REPLACE (CASE WHEN own_limits IS NULL AND connection NOT IN ('single_phase', 'phase_to_neutral',
        'phase_to_phase') THEN NULL ELSE nominal END AS nominal) FROM limited
)
SELECT *, own_limits IS NULL AND below IS NULL AND nominal IS NOT NULL AS floating,
    coalesce((own_limits ->> 0)::BIGINT, (nominal * (100 - below) + 99) // 100) AS low,
    coalesce((own_limits ->> 1)::BIGINT, nominal * 107 // 100) AS high
FROM settled;

-- Where a point counts: by region and area type like everything, and by its area.
CREATE TABLE voltage_scope AS
SELECT area, scope FROM area_scope WHERE area IN (SELECT area FROM voltage_point)
UNION ALL
SELECT DISTINCT area, 'area=' || quoted(area) FROM voltage_point;
