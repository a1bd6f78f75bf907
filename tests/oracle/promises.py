"""Clocks of a few events, as the service and the oracle see them; and the events of outages by short words."""

import itertools

import orjson

from schemas.codec import encode
from streams.cases.registry import COMPLAINT, ORDER, OUTAGE
from streams.oracle.engine import Oracle
from streams.oracle.records import Record
from streams.settings import Settings
from tests.support.lives import at, look, outage

KINDS = {
    "outage": (OUTAGE, "grid.outages.v1"),
    "order": (ORDER, "grid.repairs.v1"),
    "complaint": (COMPLAINT, "grid.complaints.v1"),
}
NETWORK = {"record_type": "area", "area": "A", "region": "north", "area_type": "urban", "served": []}
STANDS = """
    SELECT clock, cycle, CASE status WHEN 'broken' THEN 'breached' ELSE status END, ended IS NULL, due, on_time
    FROM clock ORDER BY clock, cycle
"""


def served(events, now):
    """Clock, cycle, status, open, due, on time; and that the order of the events does not matter."""
    kind, _ = KINDS[type(events[0]).__module__.removeprefix("schemas.")]
    found = set()
    for told in itertools.islice(itertools.permutations(events), 24):
        clocks = sorted(look(kind, told, now).clocks, key=lambda each: (each.rule.clock, each.cycle))
        found.add(
            tuple(
                (each.rule.clock, each.cycle, each.status, each.open, each.decided, each.status == "met")
                for each in clocks
            )
        )
    (stands,) = found
    return stands


def listed(events, now):
    """The same of the oracle."""
    _, topic = KINDS[type(events[0]).__module__.removeprefix("schemas.")]
    records = [Record("grid.network.v1", 0, 0, 0, b"area/A", orjson.dumps(NETWORK))]
    for number, event in enumerate(sorted(events, key=lambda each: each.recorded_at)):
        value = orjson.loads(encode(event))
        key = next(value[name] for name in ("outage_id", "work_order_id", "complaint_id") if name in value)
        records.append(Record(topic, 0, number, event.recorded_at * 1000, key.encode(), encode(event)))
    with Oracle(Settings(), records) as oracle, oracle.staged(at(now)):
        return tuple(oracle.rows(STANDS))


def stands(events, now, *names):
    """How the named clocks stand, by both."""
    said, found = served(events, now), listed(events, now)
    assert said == found
    return [each[1:] for each in said if each[0] in names]


KEPT, BROKEN, OPEN_BROKEN = (True, True), (True, False), (True, False)
NOT_DUE = (False, False)


def fault(*estimates, restored=None, start="03 08:00"):
    """A fault with estimates (told, estimate), restored at an instant."""
    events = [outage("started", start, areas={"A": 10})]
    events += [outage("etr", told, etr=None if etr is None else at(etr)) for told, etr in estimates]
    return events + ([outage("restored", restored)] if restored else [])


def plan(start, end, announced=None):
    return {"start": at(start), "end": at(end)} | ({} if announced is None else {"announced_at": at(announced)})


def planned(*said, begin=None, end=None, kind="planned", **more):
    """What was scheduled or announced (type, when, plan), and the interruption."""
    events = [outage(name, when, kind=kind, plan=each) for name, when, each in said]
    events += [outage("started", begin, kind=kind, areas={"A": 10}, **more)] if begin else []
    return events + ([outage("restored", end)] if end else [])
