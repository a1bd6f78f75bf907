"""Events that a case rejects because it is full: in the order of the records, one by one.

A case has at most 32 sources, 4,000 entries (each of one source about one cycle, step, plan, estimate, publication,
dispatch, contact ..., or of all areas once), 20,000 areas (each one in such a list, or at an instant), and 1,800,000
bytes: of each entry and area source, event id, name and value as JSON, and 59 more. Only the version that holds of each
source counts. What corrects or proves (void, corrects, a revised count, an arrival, a contact, a reply; or more bytes
alone) may use an eighth more, what ends the case two eighths. After the first that is refused none of its kind, nor of
a lesser one, may add anything.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any, NamedTuple

MOST = {"sources": 32, "entries": 4_000, "areas": 20_000, "bytes": 1_800_000}
ENDS = ("restored", "closed", "cancelled", "merged", "withdrawn")
PROVES = ("count_revised", "arrived", "contacted", "replied")

# Of each event of a case that may be full what it states, in the order of the records.
STATED = """
WITH sized AS (
    SELECT f.n, CASE WHEN starts_with(f.path, 'info_')
            AND f.path NOT IN ('info_fault', 'info_etr', 'info_restoration', 'info_delay')
            THEN 'info_other' ELSE f.path END AS path, f.place, e.source, coalesce(f.value, 'null') AS value,
        starts_with(f.path, 'timeline ') AS at_instant, CASE
            WHEN f.value IS NULL THEN 0
            WHEN f.path IN ('expected', 'count') THEN len(json_keys(f.value))
            WHEN f.path = 'step' THEN len(json_keys(f.value, '$[1]'))
            WHEN f.path = 'split' THEN json_array_length(f.value) ELSE 0 END AS areas,
        55 + strlen(to_json([e.source, e.event_id, f.place])::VARCHAR) + 1 + strlen(coalesce(f.value, 'null')) AS bytes
    FROM fact AS f JOIN event AS e USING (n)
    WHERE f.place <> '' OR f.path IN ('expected', 'split') OR starts_with(f.path, 'timeline ')
),
-- Only these can be full, however their events are ordered and whatever holds of them.
suspect AS (
    SELECT e.family, e.id FROM event AS e LEFT JOIN sized AS s USING (n) GROUP BY e.family, e.id
    HAVING count(DISTINCT e.source) > $sources OR count(DISTINCT (s.path, s.place, s.source)) > $entries
        OR sum(s.areas + s.at_instant::INTEGER) > $areas OR sum(s.bytes) > $bytes
)
SELECT e.family || '/' || e.id AS "case", e.n, e.type, e.void OR e.corrects IS NOT NULL AS corrects, e.source,
    e.revision, e.recorded_at, e.event_id, e.pin, s.path, s.place, s.value,
    CASE WHEN s.at_instant THEN 0 ELSE 1 END AS entries, s.areas + s.at_instant::INTEGER AS areas, s.bytes
FROM event AS e SEMI JOIN suspect AS c ON c.family = e.family AND c.id = e.id LEFT JOIN sized AS s USING (n)
WHERE e.type <> 'linked' OR json_exists(e.body, '$.outage_id') OR json_exists(e.body, '$.point_id')
    OR json_exists(e.body, '$.area')
ORDER BY e.family, e.id, e.n
"""


# A case is full from its first event on that was refused for this.
FULL_CASES = """
CREATE TABLE full_case AS
SELECT family, id, min(seen) AS seen FROM event SEMI JOIN filling USING (n) GROUP BY family, id
"""


class Stated(NamedTuple):
    """A row of STATED: one statement of an event; `path` is None if it does not count."""

    case: str
    n: int
    type: str
    corrects: bool
    source: str
    revision: int
    recorded_at: int
    event_id: str
    pin: bool
    path: str | None
    place: str | None
    value: str | None
    entries: int
    areas: int | None
    bytes: int | None


def refused(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[int, bool]]:
    """The numbers of the events that are not taken, and whether there was a case before, which then is full."""
    stated = (Stated(*row) for row in rows)
    for _, of_case in groupby(stated, key=lambda row: row.case):
        yield from _refused_of_case([list(group) for _, group in groupby(of_case, key=lambda row: row.n)])


def _refused_of_case(events: Iterable[list[Stated]]) -> Iterator[tuple[int, bool]]:
    holds: dict[tuple[str, str, str], Stated] = {}
    has = dict.fromkeys(MOST, 0)
    sources: set[str] = set()
    closed = -1
    for event in events:
        first = event[0]
        stated = {(row.path, row.place or "", row.source): row for row in event if row.path is not None}
        added = {key: row for key, row in stated.items() if key not in holds or _version(row) > _version(holds[key])}
        adds = {
            name: sum(
                getattr(row, name) - (getattr(holds[key], name) if key in holds else 0) for key, row in added.items()
            )
            for name in ("entries", "areas", "bytes")
        }
        adds["sources"] = int(first.source not in sources)
        rank = _rank(first, adds)
        beyond = any(n > 0 and has[name] + n > MOST[name] + MOST[name] * rank // 8 for name, n in adds.items())
        if beyond or (rank <= closed and any(n > 0 for n in adds.values())):
            yield first.n, bool(sources)
            if sources:  # otherwise nothing is known of the case that could remember it
                closed = max(closed, rank)
            continue
        holds |= added
        sources.add(first.source)
        has = {name: n + adds[name] for name, n in has.items()}


def _rank(event: Stated, adds: dict[str, int]) -> int:
    if event.type in ENDS:
        return 2
    longer_only = not any(adds[name] > 0 for name in ("sources", "entries", "areas"))
    return int(event.corrects or event.type in PROVES or longer_only)


def _version(row: Stated) -> tuple[Any, ...]:
    return row.revision, row.recorded_at, row.event_id, row.pin, (row.value or "").encode()


CREWS = 1_000  # of a partition have numbers of their own

# A partition has at most 20,000 points that the network does not have: readings of further points are rejected.
POINT_STRANGERS = 20_000
BY_LATER_STRANGERS = """
WITH known AS (
    SELECT body ->> 'area' AS area, body ->> 'point' AS point FROM network WHERE body ->> 'record_type' = 'point'
)
SELECT unnest(numbers) FROM (
    SELECT list(e.n) AS numbers, row_number() OVER (PARTITION BY r.partition ORDER BY min(e.n)) AS rank
    FROM voltage_event AS e JOIN record AS r USING (n) ANTI JOIN known AS k ON k.area = e.area AND k.point = e.point
    GROUP BY r.partition, e.area, e.point
) WHERE rank > $strangers
"""

# A point has at most 32 sources: readings of further sources are rejected.
POINT_SOURCES = 32
BY_LATER_SOURCES = """
SELECT unnest(numbers) FROM (
    SELECT list(n) AS numbers, row_number() OVER (PARTITION BY area, point ORDER BY min(n)) AS rank
    FROM voltage_event GROUP BY area, point, source
) WHERE rank > $sources
"""

# And 300,000 values of a UTC day: a record with more is rejected. Computed for days that may have more.
POINT_VALUES = 300_000
OF_CROWDED_DAYS = """
WITH dated AS (SELECT *, slot // 86400 AS day FROM voltage_value),
crowded AS (SELECT area, point, day FROM dated GROUP BY ALL HAVING count(*) > $values)
SELECT n, area, point, day, phase, source, slot FROM dated SEMI JOIN crowded USING (area, point, day) ORDER BY n
"""


def refused_values(rows: Iterable[tuple[Any, ...]]) -> Iterator[int]:
    """The numbers of the records that a crowded day does not take."""
    held: dict[tuple[Any, ...], set[tuple[Any, ...]]] = defaultdict(set)
    for n, of_record in groupby(rows, key=lambda row: row[0]):
        stated: dict[tuple[Any, ...], set[tuple[Any, ...]]] = defaultdict(set)
        for _, area, point, day, *value in of_record:
            stated[area, point, day].add(tuple(value))
        added = {place: values - held[place] for place, values in stated.items()}
        if any(values and len(held[place]) + len(values) > POINT_VALUES for place, values in added.items()):
            yield n
            continue
        for place, values in added.items():
            held[place] |= values
