"""Long lives of the same cases and points, and how much a partition remembers meanwhile: it must not grow."""

import gc
import sys
from collections import deque
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType, SimpleNamespace
from typing import Any, NamedTuple

import orjson

from schemas.codec import encode
from schemas.event import format_instant
from streams.reference.reference import Reference
from tests.support.installation import NOON, Installation
from tests.support.lives import complaint, order, outage

# Code, and what is given to a partition and not remembered by it.
PASSED_OVER = (type, ModuleType, FunctionType, BuiltinFunctionType, MethodType, Reference)
REPETITIONS_EACH = 2


class Size(NamedTuple):
    """What can be reached from an object, itself included."""

    objects: int
    bytes: int


def size_of(root: object) -> Size:
    """By what the garbage collector follows; caches of modules are no part of it."""
    seen, waiting, total = {id(root)}, deque([root]), 0
    while waiting:
        each = waiting.popleft()
        total += sys.getsizeof(each)
        for other in gc.get_referents(each):
            if id(other) not in seen and not isinstance(other, PASSED_OVER):
                seen.add(id(other))
                waiting.append(other)
    return Size(len(seen), total)


class Life:
    """A partition to which the same things are said again and again; `step` is a round of it, a minute later."""

    def __init__(self, role: str, many: int) -> None:
        self.installation, self.many, self.round = Installation(role), many, 0
        self.families = {family: topic for topic, family in self.installation.names.families.items()}

    def sizes(self, rounds: int) -> tuple[Size, Size]:
        """After a third of the rounds, and after all of them."""
        found = []
        for number in range(rounds):
            self.step()
            if number + 1 in {rounds // 3, rounds}:
                found.append(size_of(self.installation.fold))
        return found[0], found[1]

    def step(self) -> None:
        self.round += 1
        for family, records in self.said().items():
            offered = [
                SimpleNamespace(
                    key=key.encode(),
                    value=value,
                    timestamp=self.installation.position.as_of * 1000,
                    offset=0,
                    headers=(),
                )
                for key, value in records
                for _ in range(REPETITIONS_EACH)
            ]
            counts = self.installation.fold.apply(self.families[family], offered)
            assert not counts.keys() & {"rejected", "defect"}, counts
        self.installation.commit(60)

    def said(self) -> dict[str, list[tuple[str, bytes]]]:
        raise NotImplementedError


class LifeOfCases(Life):
    """Corrected begins and counts, estimates that move, orders that are dispatched again, complaints assigned anew."""

    def __init__(self, many: int) -> None:
        super().__init__("cases", many)

    def said(self) -> dict[str, list[tuple[str, bytes]]]:
        now, n = self.installation.position.as_of, self.round
        events: dict[str, list[tuple[str, bytes]]] = {"outages": [], "repairs": [], "complaints": []}
        for case in range(self.many):
            o, w, c = f"O{case}", f"W{case}", f"C{case}"

            def of(name: str, key: str, identity: str) -> dict[str, Any]:
                return {key: name, "event_id": identity, "revision": n, "recorded_at": now}

            areas = [{"area": "A", "customers": 10 + (n + case) % 50}]
            about = of(o, "outage_id", "start")
            events["outages"] += [
                (o, encode(outage("started", NOON - n % 3, areas=areas, **about))),
                (o, encode(outage("count_revised", NOON, areas=areas, **about | {"event_id": "count"}))),
                (o, encode(outage("etr", NOON, etr=now + 600 * (1 + n % 5), **about | {"event_id": f"etr{n % 4}"}))),
            ]
            about = of(w, "work_order_id", "made")
            given = about | {"event_id": f"given{n % 3}", "crew": f"crew {n % 5}"}
            events["repairs"] += [
                (w, encode(order("created", NOON, **about))),
                (w, encode(order("dispatched", NOON + 60 * (n % 7), **given))),
            ]
            about = of(c, "complaint_id", "accepted")
            events["complaints"] += [
                (c, encode(complaint("accepted", NOON - 60 * (n % 3), **about))),
                (c, encode(complaint("assigned", NOON, **about | {"event_id": f"unit{n % 4}", "unit": f"u{n % 6}"}))),
            ]
        return events


class LifeOfPoints(Life):
    """Values corrected under revisions that are times, intervals that change, words on no list, counters."""

    def __init__(self, many: int) -> None:
        super().__init__("voltage", many)

    def said(self) -> dict[str, list[tuple[str, bytes]]]:
        now, n, found = self.installation.position.as_of, self.round, []
        for number in range(self.many):
            who = {"area": "A", "point": ("good", f"other{number}")[number % 2], "source": "ami", "revision": now}
            who |= {"recorded_at": format_instant(now)}
            at = {"occurred_at": format_instant(NOON + 60 * (n % 20))}
            values = {"value_centivolts": 22_000 + 900 * (n % 3), "interval_seconds": 900 * (1 + n % 4)}
            found += [
                {"event_type": "reading", **who, **at, **values, "revision": 1000 * now + number},
                {"event_type": "reading", **who, **at, "value_centivolts": 18_000, "phase": f"L{n}-{number}"},
                {
                    "event_type": "frame",
                    **who,
                    "start": format_instant(NOON - 3600),
                    "interval_seconds": 60,
                    "values_centivolts": [22_000 + n % 9] * 30,
                },
                {
                    "event_type": "daily_statistics",
                    **who,
                    "day": "2026-06-02",
                    "monitored_minutes": 1440,
                    "over_minutes": n % 9,
                    "under_minutes": 0,
                },
            ]
        return {"voltage": [("A", orjson.dumps(each)) for each in found]}
