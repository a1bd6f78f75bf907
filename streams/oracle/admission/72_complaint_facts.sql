-- What complaint events state: registers of the case, and occurrences under the event's id or the one it corrects.
INSERT INTO fact
SELECT n, 'complaint', id, 'accepted', '', CASE WHEN NOT void THEN occurred_at::VARCHAR END FROM event
WHERE family = 'complaints' AND type = 'accepted'
UNION ALL
SELECT n, 'complaint', id, 'case_kind', '', CASE WHEN NOT void THEN (body -> 'case_kind')::VARCHAR END FROM event
WHERE family = 'complaints' AND type = 'accepted';

-- Stated where the field is there, null included, and not by a void event.
INSERT INTO fact
SELECT n, 'complaint', id, field, '', nullif((body -> field)::VARCHAR, 'null')
FROM event CROSS JOIN (SELECT unnest(['category', 'level', 'area']) AS field)
WHERE family = 'complaints' AND type = 'accepted' AND NOT void AND json_exists(body, '$.' || field);

-- [instant], or [instant, additional value of the kind of event].
INSERT INTO fact
SELECT n, 'complaint', id, type, coalesce(corrects, event_id), CASE WHEN NOT void THEN '[' || occurred_at || coalesce(
    ',' || nullif((body -> CASE type
        WHEN 'assigned' THEN 'unit' WHEN 'transferred' THEN 'unit' WHEN 'returned' THEN 'reason'
        WHEN 'contacted' THEN 'purpose' WHEN 'ruled' THEN 'justified' WHEN 'rated' THEN 'score'
    END)::VARCHAR, 'null'), '') || ']' END
FROM event WHERE family = 'complaints' AND type NOT IN ('accepted', 'linked');
