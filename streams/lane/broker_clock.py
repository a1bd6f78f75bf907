"""The broker's clock: read time and staleness go by it, so that a host whose clock is wrong makes no wrong number.

Kafka gives its time in one place only: the timestamp of a record in a topic with LogAppendTime. So a probe is written
every few seconds; in between a clock that nobody sets goes on. The timestamp is older than the answer, and so `now_ms`
is never ahead of the broker.
"""

import asyncio
import logging
from types import TracebackType
from typing import Self

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from streams import clock, topics
from streams.errors import ClockWrong, LaneBroken
from streams.lane.fatal import spawn_guarded, within
from streams.settings import Settings

logger = logging.getLogger(__name__)

PROBE_SECONDS = 5
LOG_APPEND_TIME = 1


class BrokerClock:
    """`skew_ms` is how far this host's clock is ahead; beyond the bound of the settings `check` raises ClockWrong."""

    def __init__(self, settings: Settings) -> None:
        self._topic, self._deadline = settings.topic_prefix + topics.CLOCK, settings.broker_deadline_seconds
        self._bound_ms = settings.clock_skew_max_seconds * 1000
        self._broker = settings.broker
        self._known: tuple[int, int] | None = None  # the broker's time, and our ticks when we had it
        self._task: asyncio.Task[None] | None = None
        self.skew_ms = 0

    async def start(self, *, strict: bool) -> None:
        """Probe once, and go on; `strict`: a skew beyond the bound raises, later on it ends the process."""
        await self.ask()
        if strict:
            self.check()
        self._task = spawn_guarded("the clock of this host", self._run(strict=strict))

    async def ask(self) -> None:
        """Connect, and probe once."""
        self._producer = AIOKafkaProducer(bootstrap_servers=self._broker, acks=1)
        await within(self._deadline, "connecting for the broker's clock", self._producer.start())
        await self._probe()

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
        await self._producer.stop()

    async def __aenter__(self) -> Self:
        await self.start(strict=False)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self.stop()

    def now_ms(self) -> int:
        """Milliseconds since the epoch that the broker's clock has reached at least; 0 before the first probe."""
        if self._known is None:
            return 0
        broker, ticks = self._known
        return broker + clock.ticks_ms() - ticks

    def now(self) -> int:
        """The same in whole seconds."""
        return self.now_ms() // 1000

    def check(self) -> None:
        """Raise ClockWrong when this host's clock is too far from the broker's."""
        if abs(self.skew_ms) > self._bound_ms:
            side = "ahead of" if self.skew_ms > 0 else "behind"
            raise ClockWrong(
                f"The clock of this host is {round(abs(self.skew_ms) / 1000)} s {side} the broker's; at most "
                f"{self._bound_ms // 1000} s are allowed (GRIDPULSE_CLOCK_SKEW_MAX_SECONDS). Synchronise both with NTP."
            )

    async def _run(self, *, strict: bool) -> None:
        while True:
            await asyncio.sleep(PROBE_SECONDS)
            try:
                await self._probe()
            except (KafkaError, LaneBroken) as error:
                logger.warning("no probe of the broker's clock: %r", error)  # commits say when that is too long
            if strict:
                self.check()

    async def _probe(self) -> None:
        before = clock.now_ms()
        sent = self._producer.send_and_wait(self._topic, key=b"probe", value=b"")
        probe = await within(self._deadline, "a probe of the broker's clock", sent)
        ticks, after = clock.ticks_ms(), clock.now_ms()
        if probe.timestamp_type != LOG_APPEND_TIME:
            raise ClockWrong(f"{self._topic} needs message.timestamp.type=LogAppendTime; see `gridpulse topics check`.")
        self._known = probe.timestamp, ticks
        # The broker's instant lies between our two: only what no such instant explains is a skew.
        self.skew_ms = max(before - probe.timestamp, 0) or min(after - probe.timestamp, 0)


async def checked(settings: Settings) -> None:
    """Raise ClockWrong when this host may not work; before anything is started."""
    probe = BrokerClock(settings)
    try:
        await probe.ask()
        probe.check()
    finally:
        await probe.stop()
