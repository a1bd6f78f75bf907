"""One process works under a name: each says so on gridpulse.clock.v1, and a second one refuses to start.

Kafka gives the place of a static member to whoever comes last under its name and fences the one before, so that two
workers of one name end each other for ever. And its group has a dead member in it for the whole session, under which a
successor has to come back at once. So a worker says four times a session that it works, and once that it has ended.
"""

import asyncio
import logging
import os
import socket
import threading
import uuid
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import Any

import orjson
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaError

from streams import topics
from streams.errors import BrokerUnavailable, GridpulseError, InstanceTaken, LaneBroken
from streams.lane.fatal import within
from streams.settings import Settings

logger = logging.getLogger(__name__)

SAID_A_SESSION = 4
MISSED_MAX = 3  # a process that has not claimed its name so many times is dead
Claim = dict[str, Any]


class Presence:
    """Of one worker; `start` raises InstanceTaken while another process works under its name."""

    def __init__(self, settings: Settings, role: str) -> None:
        self._settings, self._role = settings, role
        self._topic, self._key = settings.topic_prefix + topics.CLOCK, f"worker/{role}/{settings.instance}".encode()
        self._every = settings.session_timeout_seconds / SAID_A_SESSION
        pid = os.getpid()
        self._me = {"process": uuid.uuid4().hex, "host": host(), "name": socket.gethostname(), "pid": pid}
        self._me["began"] = began(pid)
        self._claimed: Future[None] = Future()
        self._ended = threading.Event()
        # A thread, since the loop of a worker may fold for longer than the others wait.
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), name="presence", daemon=True)

    def start(self) -> None:
        """Return when the name is ours."""
        self._thread.start()
        self._claimed.result()

    def stop(self) -> None:
        """Say that this process has ended, so that nobody waits for it."""
        self._ended.set()
        self._thread.join(self._settings.broker_deadline_seconds)

    async def _run(self) -> None:
        producer = AIOKafkaProducer(bootstrap_servers=self._settings.broker, acks=1)
        try:
            await within(self._settings.broker_deadline_seconds, "connecting to claim a name", producer.start())
            try:
                await self._claim(producer)
            except InstanceTaken:
                await self._say(producer, works=False)
                raise
            self._claimed.set_result(None)
            while not await asyncio.to_thread(self._ended.wait, self._every):
                with suppress(KafkaError, LaneBroken):  # commits say when a broker is silent for too long
                    await self._say(producer, works=True)
            await self._say(producer, works=False)
        except Exception as error:  # noqa: BLE001  # it is raised where the name was claimed
            if not self._claimed.done():
                known = isinstance(error, GridpulseError)
                self._claimed.set_exception(error if known else BrokerUnavailable(f"no name can be claimed: {error!r}"))
        finally:
            await producer.stop()

    async def _say(self, producer: AIOKafkaProducer, *, works: bool) -> Any:
        value = orjson.dumps(self._me | {"works": works})
        sent = producer.send_and_wait(self._topic, key=self._key, value=value, partition=0)
        return await within(self._settings.broker_deadline_seconds, f"a record of {self._topic}", sent)

    async def _claim(self, producer: AIOKafkaProducer) -> None:
        """Of two that claim at once the first in the topic has the name."""
        claim = await self._say(producer, works=True)
        place, wait = TopicPartition(self._topic, 0), MISSED_MAX * self._every
        consumer = AIOKafkaConsumer(  # earliest: the reset that assign() has begun may still answer after the seek
            bootstrap_servers=self._settings.broker, enable_auto_commit=False, auto_offset_reset="earliest"
        )
        await within(self._settings.broker_deadline_seconds, "connecting to claim a name", consumer.start())
        try:
            consumer.assign([place])
            since_ms = claim.timestamp - int(wait * 1000)
            since = await consumer.offsets_for_times({place: since_ms})
            consumer.seek(place, since[place].offset if since[place] else claim.offset)
            others: dict[str, tuple[int, Claim]] = {}
            while await consumer.position(place) <= claim.offset:
                for record in await self._read(consumer, place):
                    if record.offset < claim.offset and record.timestamp >= since_ms:
                        self._note(others, record)
            others = {name: claim for name, claim in others.items() if self._may_work(claim[1])}
            if others:
                last = max(timestamp for timestamp, _ in others.values())
                await self._await_sign(consumer, place, others, wait - (claim.timestamp - last) / 1000)
        finally:
            await consumer.stop()

    async def _await_sign(
        self, consumer: AIOKafkaConsumer, place: TopicPartition, others: dict[str, tuple[int, Claim]], seconds: float
    ) -> None:
        """Others that cannot be seen from here: who says within so many seconds that it works has the name."""
        logger.warning("a process on another host worked under this name; waiting %.1f s for a sign of it", seconds)
        known = set(others)
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while others:
                    for record in await self._read(consumer, place):
                        before = dict(others)
                        self._note(others, record)
                        for process, (timestamp, claim) in others.items():
                            if process in known and before.get(process, (0,))[0] != timestamp:
                                raise self._taken(claim)

    async def _read(self, consumer: AIOKafkaConsumer, place: TopicPartition) -> list[Any]:
        records: list[Any] = (await consumer.getmany(place, timeout_ms=100)).get(place, [])
        return records

    def _note(self, others: dict[str, tuple[int, Claim]], record: Any) -> None:
        """What a record says of another process under our name; whatever else is written there says nothing."""
        if record.key != self._key:
            return
        with suppress(ValueError, KeyError, TypeError):
            claim = orjson.loads(record.value)
            process = claim["process"]
            if process == self._me["process"]:
                return
            if claim["works"]:
                others[process] = record.timestamp, claim
            else:
                others.pop(process, None)

    def _may_work(self, claim: Claim) -> bool:
        """Whether a process could be alive; on this host that is known, and InstanceTaken if it is."""
        if not self._me["host"] or claim.get("host") != self._me["host"]:
            return True
        if claim.get("began") is not None and began(claim["pid"]) == claim["began"]:
            raise self._taken(claim)
        return False

    def _taken(self, claim: Claim) -> InstanceTaken:
        return InstanceTaken(
            f"GRIDPULSE_INSTANCE={self._settings.instance} is in use: process {claim.get('pid')} on "
            f"{claim.get('name')} works under it as a worker of the role {self._role}. Two would end each other; give "
            "each worker a name of its own."
        )


def host() -> str:
    """Name this host as far as its processes can be seen (a container sees its own); empty where nobody knows."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        return f"{boot}/{Path('/proc/self/ns/pid').readlink()}"
    except OSError:
        return ""


def began(pid: int) -> str | None:
    """When a process of this host began, in ticks, since its number is given again; None: it is not there."""
    try:
        state, *fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (OSError, ValueError):
        return None
    return None if state in "ZX" else fields[18]
