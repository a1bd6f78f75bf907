-- Facts of outage events for clocks. Plans and estimates are commitments, so every version of them is stored: its time
-- and its content; for a plan also its stated announcement. A plan counts under the type of its event.
INSERT INTO fact
SELECT n, 'outage', id, 'plan ' || type, coalesce(corrects, event_id), CASE WHEN NOT void THEN to_json([occurred_at,
    CASE WHEN valid_instant(body ->> '$.plan.announced_at') THEN instant(body ->> '$.plan.announced_at') END,
    instant(body ->> '$.plan.start'), instant(body ->> '$.plan.end')])::VARCHAR END
FROM event WHERE family = 'outages' AND type IN ('scheduled', 'announced', 'started')
    AND (void OR json_type(body, '$.plan') = 'OBJECT')
UNION ALL
SELECT n, 'outage', id, 'estimate', coalesce(corrects, event_id), CASE WHEN NOT void THEN to_json([occurred_at,
    CASE WHEN valid_instant(body ->> 'etr') THEN instant(body ->> 'etr') END])::VARCHAR END
FROM event WHERE family = 'outages' AND type = 'etr'
UNION ALL
SELECT n, 'outage', id, 'info_' || (body ->> 'about'), coalesce(corrects, event_id),
    CASE WHEN NOT void THEN occurred_at::VARCHAR END
FROM event WHERE family = 'outages' AND type = 'info_published';
