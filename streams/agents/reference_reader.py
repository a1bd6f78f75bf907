"""Reference data in every worker: the compacted network topic, kept as one frozen Reference."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Any

from schemas.codec import InvalidEvent, decode
from schemas.network import Point
from streams.lane.fatal import die
from streams.readers.compacted import CompactedReader
from streams.reference.network import Network
from streams.reference.reference import Commitments, Reference
from streams.reference.rules import Rules

logger = logging.getLogger(__name__)


class ReferenceData:
    """`current` is what contributions are made with; `on_change` is called with each new Reference."""

    def __init__(self, broker: str, topic: str, rules: Rules, *, deadline_seconds: float) -> None:
        self.current = Reference(Network.from_records(()), rules)
        self._records: dict[bytes, tuple[Any, int]] = {}  # each with its timestamp (epoch seconds)
        self.on_change: Callable[[Reference], None] = lambda _reference: None
        self._rebuild: asyncio.Handle | None = None
        self.reader = CompactedReader(
            broker, topic, self._take, on_failure=self._fail, deadline_seconds=deadline_seconds
        )

    async def start(self) -> None:
        """Return when everything loaded so far is in `current`: no case may be folded before."""
        await self.reader.start()
        await self.reader.caught_up()
        self._refresh()

    def _take(self, _partition: int, records: Sequence[Any]) -> None:
        for record in records:
            if record.value is None:
                self._records.pop(record.key, None)
                continue
            try:
                self._records[record.key] = decode("network", record.value).event, record.timestamp // 1000
            except InvalidEvent as error:
                logger.warning("network record %r is passed over: %s", record.key, error)
        if self.reader.is_caught_up and self._rebuild is None:
            # Many records of one load make one new reference.
            self._rebuild = asyncio.get_running_loop().call_later(0.5, self._refresh_or_die)

    @staticmethod
    def _fail(error: Exception) -> None:
        """Without it every worker would go on with its own old network."""
        die("reference data", error)

    def _refresh_or_die(self) -> None:
        try:
            self._refresh()
        except Exception as error:  # noqa: BLE001  # asyncio would only log it
            self._fail(error)

    def _refresh(self) -> None:
        self._rebuild = None
        records = [event for event, _ in self._records.values()]
        loaded_at = {(event.area, event.point): at for event, at in self._records.values() if isinstance(event, Point)}
        network = Network.from_records(records, loaded_at)
        reference = Reference(network, self.current.rules, Commitments.from_records(records))
        if reference.version != self.current.version:
            self.current = reference
            self.on_change(reference)
