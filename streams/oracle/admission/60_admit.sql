-- Admission evaluates the record alone: its key, and the distance of its instants from its timestamp (seconds). Facts
-- about cases may be as late as the horizon of cases, which is not that of voltage readings.
CREATE TABLE event AS
SELECT r.n, r.family, t.type, r.key AS id, t.body, r.stamp, r.seen,
    t.body ->> 'source' AS source, (t.body ->> 'revision')::BIGINT AS revision,
    instant(t.body ->> 'recorded_at') AS recorded_at, t.body ->> 'event_id' AS event_id,
    coalesce((t.body ->> 'pin')::BOOLEAN, false) AS pin, coalesce((t.body ->> 'void')::BOOLEAN, false) AS void,
    t.body ->> 'corrects' AS corrects, instant(t.body ->> 'occurred_at') AS occurred_at,
    CASE WHEN t.type = 'created' THEN instant(t.body ->> 'report_received_at') END AS received_at
FROM record AS r JOIN event_body AS t USING (n) ANTI JOIN wrong USING (n)
WHERE r.family IN ('outages', 'repairs', 'complaints')
    AND r.key = t.body ->> (SELECT key_field FROM family WHERE family.family = r.family)
    AND greatest(instant(t.body ->> 'occurred_at'), instant(t.body ->> 'recorded_at'),
        CASE WHEN t.type = 'created' THEN instant(t.body ->> 'report_received_at') END)
        <= r.stamp + getvariable('future_tolerance_seconds')
    AND least(instant(t.body ->> 'occurred_at'), instant(t.body ->> 'recorded_at'),
        CASE WHEN t.type = 'created' THEN instant(t.body ->> 'report_received_at') END)
        >= r.stamp - getvariable('case_horizon_seconds');
