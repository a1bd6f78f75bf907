"""The readers that keep a board up to date, and how far they are."""

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Any

from streams import topics
from streams.errors import TopicsWrong
from streams.readers.compacted import CompactedReader
from streams.readers.guard import Guard
from streams.readers.rows import CHECKS
from streams.settings import Settings
from streams.web.open_transactions import OpenTransactions
from streams.web.state import Board
from streams.wiring.names import PARTIALS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class Feed:
    """The derived topics into a board. The first failure of a reader ends `run`."""

    def __init__(self, settings: Settings, board: Board) -> None:
        handlers: dict[str, Callable[[int, Sequence[Any]], None]] = {
            **{topic: partial(board.apply_partials, role=role) for role, topic in PARTIALS.items()},
            topics.KPIS: board.apply_kpis,
            topics.CASES: board.apply_cases,
            topics.DEAD_LETTERS: board.apply_dead_letters,
        }
        self.guards = {name: Guard(settings.topic_prefix + name, CHECKS[name], each) for name, each in handlers.items()}
        self._partitions = settings.partitions
        self.transactions = OpenTransactions(settings)
        self._started: set[str] = set()
        self.readers: dict[str, CompactedReader] = {
            name: CompactedReader(
                settings.broker,
                settings.topic_prefix + name,
                guard,
                deadline_seconds=settings.broker_deadline_seconds,
            )
            for name, guard in self.guards.items()
        }

    async def run(self) -> None:
        """Read until cancelled; raises what ends a reader."""
        asking = asyncio.create_task(self.transactions.run(), name="ask for open transactions")
        try:
            for name, reader in self.readers.items():
                await reader.start()
                self._started.add(name)
                if reader.partitions != self._partitions:
                    raise TopicsWrong(
                        f"Topic {reader.topic} has {reader.partitions} partitions, but GRIDPULSE_PARTITIONS is "
                        f"{self._partitions}."
                    )
            closed = [asyncio.ensure_future(reader.wait_closed()) for reader in self.readers.values()]
            done, pending = await asyncio.wait(closed, return_when=asyncio.FIRST_COMPLETED)
            for task in pending:
                task.cancel()
            for task in done:
                task.result()
        finally:
            asking.cancel()
            for name in self._started:
                await self.readers[name].stop()

    @property
    def is_caught_up(self) -> bool:
        return len(self._started) == len(self.readers) and all(reader.is_caught_up for reader in self.readers.values())

    def progress(self) -> dict[str, tuple[int, int | None]]:
        """By topic (read, total) in offsets; the total is None until the topic was read."""
        return {
            reader.topic: reader.progress() if name in self._started else (0, None)
            for name, reader in self.readers.items()
        }
