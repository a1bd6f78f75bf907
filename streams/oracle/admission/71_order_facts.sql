-- What work order events state: registers of the order, and occurrences under the event's id or the one it corrects.
INSERT INTO fact
SELECT n, 'order', id, 'created', '', CASE WHEN NOT void THEN occurred_at::VARCHAR END FROM event
WHERE family = 'repairs' AND type = 'created'
UNION ALL
SELECT n, 'order', id, 'report_received_at', '', CASE WHEN NOT void THEN received_at::VARCHAR END FROM event
WHERE family = 'repairs' AND type = 'created'
UNION ALL
SELECT n, 'order', id, 'work_type', '', CASE WHEN NOT void THEN (body -> 'work_type')::VARCHAR END FROM event
WHERE family = 'repairs' AND type = 'created'
UNION ALL
SELECT n, 'order', id, 'area', '', (body -> 'area')::VARCHAR FROM event
WHERE family = 'repairs' AND type = 'created' AND NOT void AND json_type(body, '$.area') IS NOT NULL;

-- [instant], or [instant, additional value of the kind of event].
INSERT INTO fact
SELECT n, 'order', id, type, coalesce(corrects, event_id), CASE WHEN NOT void THEN '[' || occurred_at || coalesce(
    ',' || (CASE
        WHEN type IN ('dispatched', 'reassigned') THEN to_json(body ->> 'crew')
        WHEN type IN ('waiting', 'returned') THEN to_json(body ->> 'reason')
        WHEN type = 'rated' THEN body -> 'score'
    END)::VARCHAR, '') || ']' END
FROM event WHERE family = 'repairs' AND type <> 'created';
