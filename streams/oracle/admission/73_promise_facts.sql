-- What outage events state that clocks go by: the plan, the estimate, when estimates and news were told. A plan is
-- [announced_at, end, start]: by their names, as in canonical JSON, which decides between two of one version.
INSERT INTO fact
SELECT n, 'outage', id, 'plan', '', CASE WHEN NOT void AND json_type(body, '$.plan') = 'OBJECT' THEN to_json([
    CASE WHEN valid_instant(body ->> '$.plan.announced_at') THEN instant(body ->> '$.plan.announced_at') END,
    instant(body ->> '$.plan.end'), instant(body ->> '$.plan.start')])::VARCHAR END
FROM event WHERE family = 'outages' AND ((type IN ('scheduled', 'announced') AND void)
    OR (NOT void AND type IN ('scheduled', 'announced', 'started') AND json_type(body, '$.plan') IS NOT NULL))
UNION ALL
SELECT n, 'outage', id, 'etr', '', CASE WHEN NOT void AND valid_instant(body ->> 'etr')
    THEN instant(body ->> 'etr')::VARCHAR END
FROM event WHERE family = 'outages' AND type = 'etr'
UNION ALL
SELECT n, 'outage', id, 'etr_told', coalesce(corrects, event_id), CASE WHEN NOT void AND valid_instant(body ->> 'etr')
    THEN occurred_at::VARCHAR END
FROM event WHERE family = 'outages' AND type = 'etr'
UNION ALL
SELECT n, 'outage', id, 'info_' || (body ->> 'about'), coalesce(corrects, event_id),
    CASE WHEN NOT void THEN occurred_at::VARCHAR END
FROM event WHERE family = 'outages' AND type = 'info_published';
