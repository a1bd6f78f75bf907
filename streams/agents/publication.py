"""All partials in every worker, added up; the owners of scopes are asked what to publish whenever read time moves."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from streams.agents.partition import SourcePartition
from streams.cells.totals import Totals
from streams.dimensions.scopes import Change
from streams.lane.fatal import spawn_guarded
from streams.lane.writer import Writer
from streams.readers.compacted import CompactedReader
from streams.readers.guard import Guard
from streams.readers.rows import Check
from streams.reference.reference import Reference


class Publication:
    """Feeds one `Totals` from the partials topic; with marks it goes through every T in turn.

    A partition that comes in with an older `published_at` than the totals stand at (its last owner died between two
    marks) makes the reading start anew: the topic still has every value, and the others skip what they have published.
    """

    def __init__(
        self,
        broker: str,
        topic: str,
        new_totals: Callable[[], Totals],
        writers: Callable[[], Iterable[Writer[SourcePartition]]],
        *,
        marks: bool,
        deadline_seconds: float,
        check: Check,
    ) -> None:
        self._check = check
        self._broker, self._topic, self._new_totals, self._writers = broker, topic, new_totals, writers
        self._marks, self._deadline = marks, deadline_seconds
        self._changed: set[Change] = set()
        self._news = asyncio.Event()
        self._restart = asyncio.Event()
        self.totals = new_totals()
        self._reached: int | None = None
        self._task: asyncio.Task[None] | None = None  # asyncio itself would not keep it

    def start(self) -> None:
        self._task = spawn_guarded("publication", self._run())

    def owners_changed(self, reference: Reference) -> None:
        """Called after every assignment: who comes back from a revoke may have missed new reference data, or marks."""
        self.refer(reference)
        if not self._marks:
            for fold in self._folds():
                fold.board.invalidate()  # changes while no worker owned it have reached no board
        behind = [fold.board.published_at or 0 for fold in self._folds()]
        if self._marks and self._reached is not None and behind and min(behind) < self._reached:
            self._restart.set()
        self._news.set()

    def refer(self, reference: Reference) -> None:
        """New reference data reaches every case and every cell."""
        for writer in self._writers():
            writer.fold.refer(reference)
            writer.wake()
        self._news.set()

    def _folds(self) -> list[SourcePartition]:
        return [writer.fold for writer in self._writers()]

    async def _run(self) -> None:
        while True:
            self._restart.clear()
            self.totals, self._changed, self._reached = self._new_totals(), set(), None
            guard = Guard(self._topic, self._check, self._take)
            reader = CompactedReader(self._broker, self._topic, guard, deadline_seconds=self._deadline)
            await reader.start()
            await reader.caught_up()
            try:
                await self._follow(reader)
            finally:
                await reader.stop()

    async def _follow(self, reader: CompactedReader) -> None:
        closed = asyncio.create_task(reader.wait_closed())
        while not self._restart.is_set():
            news = asyncio.create_task(self._news.wait())
            await asyncio.wait((closed, news), return_when=asyncio.FIRST_COMPLETED, timeout=1)
            news.cancel()
            if closed.done():
                closed.result()
            self._news.clear()
            await self._publish()
        closed.cancel()

    def _take(self, partition: int, records: Sequence[Any]) -> None:
        for record in records:
            self._changed |= self.totals.apply(partition, record.key.decode(), record.value)
        self._news.set()

    async def _publish(self) -> None:
        if self._marks:
            loop = asyncio.get_running_loop()
            began = loop.time()
            for at, changed in self.totals.advance():
                if self._restart.is_set():
                    return  # somebody new must not be asked about this mark before those it has missed
                self._reached = at
                self._ask(at, changed, complete=True)
                # Marks may follow each other for minutes, and a commit takes many turns of the loop (see Writer).
                await asyncio.sleep((loop.time() - began) / 10)
                began = loop.time()
        elif self.totals.as_of is not None and self.totals.agrees:
            changed, self._changed = self._changed, set()
            self._ask(self.totals.as_of, changed, complete=self.totals.complete)

    def _ask(self, at: int, changed: Iterable[Change], *, complete: bool) -> None:
        for writer in self._writers():
            writer.fold.publish(at, self.totals, changed, complete=complete)
            writer.wake()
