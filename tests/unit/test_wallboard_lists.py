"""Behind every tile a list that adds up to it: simulated days through the folds, as the workers drive them."""

from collections import defaultdict
from itertools import takewhile
from types import SimpleNamespace
from typing import Any
from zlib import crc32

import orjson

from schemas import codec
from schemas.event import format_instant
from streams import topics
from streams.agents.partition import SourcePartition
from streams.cases.ledger import Ledger
from streams.cells.partials import Partials
from streams.cells.totals import Totals
from streams.kpis import KPIS
from streams.lane.position import Position, TopicPosition
from streams.publish.board import Board as Cells
from streams.reference.network import Network
from streams.reference.reference import Reference
from streams.reference.rules import Rules
from streams.simulator.generate import generate
from streams.simulator.grid import build
from streams.simulator.lifecycle import Message
from streams.simulator.rates import Rates
from streams.web.state import Board
from streams.web.tiles import render as tiles
from streams.wiring.names import Names

ZONE = "Asia/Shanghai"
MIDNIGHT = 1_780_416_000  # 2026-06-03T00:00:00+08:00
HOUR = 3600
PARTITIONS = 2
SLOW = {"complaints_old", "complaints_overdue", "closure_cohort", "closure_flow", "reopen_share"}  # take days
BEHIND_SECONDS = 3  # by how much the second source's read time lags
NAMES = Names.under("")
INPUTS = {"outages": topics.OUTAGES, "repairs": topics.REPAIRS, "complaints": topics.COMPLAINTS}


class Floor:
    """Two source partitions, live and not in step; what they write goes to one board, as through Kafka."""

    def __init__(self, seed: int) -> None:
        records = [codec.decode("network", orjson.dumps(record)).event for record in build(seed).records]
        reference = Reference(Network.from_records(records), Rules(zone=ZONE))
        self.now = 0
        self.web = Board(PARTITIONS, zone=ZONE, wall=lambda: self.now)
        self.totals = Totals(PARTITIONS, ZONE, marks=False)
        self.tables: list[dict[str, dict[bytes, bytes]]] = [defaultdict(dict) for _ in range(PARTITIONS)]
        self.folds = [self._fold(number, reference) for number in range(PARTITIONS)]
        self.positions = [
            Position(PARTITIONS, "wall", {name: TopicPosition() for name in INPUTS.values()}) for _ in "ab"
        ]

    def _fold(self, number: int, reference: Reference) -> SourcePartition:
        cells = Cells(number, PARTITIONS, KPIS, reference.rules, publish_interval=1, growth_interval=60)
        return SourcePartition(number, NAMES, cells, Ledger(Partials(), reference))

    def restart(self, rules: Rules) -> None:
        """Other workers, with other rules: they know what lies in the topics."""
        reference = Reference(self.folds[0].ledger.reference.network, rules)
        for number, (table, position) in enumerate(zip(self.tables, self.positions, strict=True)):
            self.folds[number] = self._fold(number, reference)
            self.folds[number].load(table, position)

    def take(self, message: Any) -> None:
        number = crc32(message.key.encode()) % PARTITIONS
        value = message.value if isinstance(message.value, bytes) else orjson.dumps(message.value)
        record = SimpleNamespace(
            key=message.key.encode(), value=value, timestamp=message.at * 1000, offset=0, headers=()
        )
        self.folds[number].apply(INPUTS[message.family], [record])

    def reach(self, now: int) -> None:
        """Read time of both sources; then what the scopes' owners publish comes out."""
        self.now = now
        changed = self._write(now)
        assert self.totals.as_of is not None
        for fold in self.folds:
            fold.publish(self.totals.as_of, self.totals, changed, complete=self.totals.complete)
        self._write(now)

    def _write(self, now: int) -> set[str]:
        changed = set()
        for number, (fold, position) in enumerate(zip(self.folds, self.positions, strict=True)):
            position.as_of = now - BEHIND_SECONDS * number
            fold.position = position
            fold.advance(position.as_of, complete=False)
            written = defaultdict(list)
            for output in fold.outputs(position):
                written[output.topic].append(output)
                if output.value is None:
                    self.tables[number][output.topic].pop(output.key, None)
                else:
                    self.tables[number][output.topic][output.key] = output.value
            for output in written[NAMES.partials]:
                changed |= self.totals.apply(number, output.key.decode(), output.value)
            self.web.apply_partials(number, written[NAMES.partials])
            self.web.apply_kpis(number, written[NAMES.kpis])
            self.web.apply_cases(number, written[NAMES.cases])
        return changed

    def shown_and_listed(self) -> dict[str, tuple[int | None, int]]:
        """By tile its sum, and that of the list behind it."""
        rendered, cases = tiles.render(self.web), self.web.cases.values()
        found = {}
        for name, tile in rendered.items():
            if tile["behind"] != "cases" or tile["role"] == "voltage":
                continue  # points and areas have a test of their own
            amount = tiles.behind(self.web, name)
            found[name] = (tile["main"]["sum"], sum(amount(case) or 0 for case in cases))
        return found


def long_outage(at: int) -> Message:
    """One that nobody restores: the simulated ones are over before eight hours."""
    event = {
        "event_type": "started", "event_id": "long-1", "outage_id": "long", "revision": 1, "source": "test",
        "occurred_at": format_instant(at), "recorded_at": format_instant(at), "kind": "fault",
        "areas": [{"area": "a-001", "customers": 11}],
    }  # fmt: skip
    return Message(at, "outages", "long", event)


def test_behind_every_tile_is_a_list_that_adds_up_to_it():
    start = MIDNIGHT - 9 * HOUR
    floor = Floor(seed=5)
    floor.take(long_outage(start))
    rates = Rates(duplicates=0.1, disorder=0.2, lateness=0.01, corrections=0.2).only(*INPUTS)
    messages = generate(5, start, rates=rates)
    message = next(messages)
    seen: dict[str, int] = defaultdict(int)
    hourly = [hour + seconds for hour in range(MIDNIGHT + HOUR, MIDNIGHT + 9 * HOUR, HOUR) for seconds in (0, 20, 37)]
    for now in [MIDNIGHT - HOUR, MIDNIGHT - 1, MIDNIGHT, MIDNIGHT + 2, MIDNIGHT + BEHIND_SECONDS, *hourly]:
        while message.at <= now - BEHIND_SECONDS:
            floor.take(message)
            message = next(messages)
        floor.reach(now)
        for name, (shown, listed) in floor.shown_and_listed().items():
            assert (shown or 0) == listed, (name, now)
            seen[name] += bool(shown)
    assert all(seen[name] > 5 for name in set(floor.shown_and_listed()) - SLOW), seen


def complaint(key: str, event_type: str, at: int, **body: Any) -> Message:
    said = format_instant(at)
    envelope = {"event_id": f"{key}-{event_type}", "revision": 1, "source": "test", "recorded_at": said}
    return Message(
        at, "complaints", key, {"event_type": event_type, "complaint_id": key, "occurred_at": said, **envelope, **body}
    )


def test_behind_tiles_of_complaints_that_wait_are_lists_that_add_up_to_them():
    floor, start = Floor(seed=5), MIDNIGHT - 2 * 24 * HOUR
    for key in ("waits", "waits too", "closed", "reopened"):
        floor.take(complaint(key, "accepted", start, case_kind="complaint"))
    for key in ("closed", "reopened"):
        floor.take(complaint(key, "closed", start + HOUR))
    floor.reach(start + 2 * HOUR)
    assert floor.shown_and_listed()["closure_flow"] == (2, 2)

    floor.take(complaint("reopened", "reopened", MIDNIGHT))
    for day in range(12):
        floor.reach(MIDNIGHT + 24 * HOUR * day + HOUR)
        assert all((shown or 0) == listed for shown, listed in floor.shown_and_listed().values()), day

    after = floor.shown_and_listed()
    assert {name: after[name][0] for name in SLOW - {"closure_flow"}} == {
        # Closing "reopened" was no reply: it is owed since the acceptance.
        "complaints_old": 3, "complaints_overdue": 3, "closure_cohort": 1, "reopen_share": 1
    }  # fmt: skip


def test_the_lists_add_up_also_after_a_restart_with_other_rules():
    floor = Floor(seed=5)
    for message in takewhile(
        lambda message: message.at < MIDNIGHT, generate(5, MIDNIGHT - 3 * HOUR, rates=Rates().only(*INPUTS))
    ):
        floor.take(message)
    floor.reach(MIDNIGHT - 10)
    before, _ = floor.shown_and_listed()["saifi_today"]

    floor.restart(Rules(zone=ZONE, momentary_threshold_seconds=3600))
    floor.reach(MIDNIGHT - 1)

    after = floor.shown_and_listed()
    assert (after["saifi_today"][0] or 0) < (before or 0)
    assert all((shown or 0) == listed for shown, listed in after.values()), after
