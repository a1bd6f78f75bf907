"""What reaches a board that was kept over a revoke: everything that was told while nobody owned it."""

import asyncio
import time
from itertools import pairwise, takewhile
from types import SimpleNamespace

import orjson
import pytest

from streams import topics
from streams.agents.partition import SUMMARY_VERSION, SourcePartition
from streams.agents.publication import Publication
from streams.cases.ledger import Ledger
from streams.cells.partials import Partials
from streams.cells.totals import Totals
from streams.kpis import KPIS
from streams.lane.position import Position, TopicPosition
from streams.publish.board import Board
from streams.readers.rows import CHECKS
from streams.reference.reference import Reference
from streams.simulator.generate import generate
from streams.simulator.rates import USUAL
from streams.wiring.names import Names

MIDNIGHT = 1_780_416_000  # 2026-06-03T00:00:00+08:00
NOW = MIDNIGHT + 8 * 3600
NAMES, REFERENCE = Names.under(""), Reference()
INPUTS = {"outages": topics.OUTAGES, "repairs": topics.REPAIRS}
COUNTS = ("customers_out", "outages_", "orders_open", "arrival_", "saifi", "restoration_")  # all that does not grow


class World:
    """One live partition, its publication, and the KPI table as a reader knows it."""

    def __init__(self):
        board = Board(0, 1, KPIS, REFERENCE.rules, publish_interval=1, growth_interval=60)
        self.fold = SourcePartition(0, NAMES, board, Ledger(Partials(), REFERENCE))
        self.position = Position(1, "wall", {name: TopicPosition() for name in INPUTS.values()})
        self.fold.load({NAMES.partials: {}, NAMES.ledger: {}, NAMES.kpis: {}, NAMES.breaches: {}}, self.position)
        self.writers = [SimpleNamespace(fold=self.fold, wake=lambda: None)]
        self.publication = Publication(
            "",
            "",
            lambda: Totals(1, "Asia/Shanghai", marks=False, made_with=SUMMARY_VERSION),
            lambda: self.writers,
            marks=False,
            deadline_seconds=5,
            check=CHECKS[topics.PARTIALS],
        )
        self.kpis = {}

    def take(self, messages):
        for message in messages:
            value = message.value if isinstance(message.value, bytes) else orjson.dumps(message.value)
            record = SimpleNamespace(
                key=message.key.encode(), value=value, timestamp=message.at * 1000, offset=0, headers=()
            )
            self.fold.apply(INPUTS[message.family], [record])

    async def unit(self, at):
        """A commit, and its partials on their way back to all publishers."""
        self.position.as_of = at
        self.fold.advance(at, complete=False)
        outputs = self.fold.outputs(self.position)
        self.kpis |= {output.key.decode(): output.value for output in outputs if output.topic == NAMES.kpis}
        partials = [output for output in outputs if output.topic == NAMES.partials]
        self.publication._take(0, [SimpleNamespace(key=output.key, value=output.value) for output in partials])
        await self.publication._publish()

    def counts(self):
        said = {key: value and orjson.loads(value) for key, value in self.kpis.items() if key.startswith(COUNTS)}
        return {
            key: value and (value["numerator"], value["denominator"], value["status"]) for key, value in said.items()
        }


@pytest.fixture(scope="module")
def halves():
    messages = list(takewhile(lambda message: message.at < NOW, generate(7, MIDNIGHT, rates=USUAL.only(*INPUTS))))
    return messages[: len(messages) // 2], messages[len(messages) // 2 :]


async def played(halves, *, revoked):
    world = World()
    world.take(halves[0])
    await world.unit(NOW)
    await world.unit(NOW + 1)
    world.take(halves[1])
    owned = list(world.writers)
    if revoked:
        world.writers.clear()
    await world.unit(NOW + 5)
    if revoked:
        world.writers.extend(owned)
        world.publication.owners_changed(REFERENCE)
    for later in range(10, 40, 5):
        await world.unit(NOW + later)
    return world.counts()


async def test_what_changed_while_nobody_owned_it_is_published(halves):
    assert await played(halves, revoked=True) == await played(halves, revoked=False)


async def test_while_marks_follow_each_other_others_have_many_turns_at_each(monkeypatch):
    """A commit takes dozens: with one at each mark it would not be done within its deadline."""
    marks, turns, at_marks = 5, 0, []

    class Slow:
        def advance(self):
            yield from ((mark, set()) for mark in range(marks))

    def ask(self, at, changed, *, complete):
        at_marks.append(turns)
        until = time.perf_counter() + 0.05
        while time.perf_counter() < until:
            pass

    async def turn():
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    monkeypatch.setattr(Publication, "_ask", ask)
    publication = Publication("", "", Slow, list, marks=True, deadline_seconds=5, check=CHECKS[topics.PARTIALS])
    other = asyncio.create_task(turn())
    await publication._publish()
    other.cancel()
    assert len(at_marks) == marks
    assert all(after - before > 10 for before, after in pairwise(at_marks))
