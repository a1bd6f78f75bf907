"""Three brokers on a simulated network, by Kafka's own wire format: a leader a topic, one coordinator."""

import asyncio
import random
import re
import struct
from collections import Counter
from io import BytesIO
from typing import TYPE_CHECKING, Any

from aiokafka.protocol import admin, coordination, metadata, produce, transaction
from aiokafka.protocol.types import String

from tests.simulation.coordinator import Coordinator
from tests.simulation.logs import INVALID_TXN_STATE, Log
from tests.simulation.troubles import ADD_PARTITIONS, END_TXN, INIT_PRODUCER_ID, PRODUCE, Trouble

if TYPE_CHECKING:
    from collections.abc import Callable

TOPICS = ("grid.cases.v1", "grid.kpis.v1", "grid.sla-breaches.v1", "gridpulse.ledger.v1", "gridpulse.partials.v1")
BROKERS, PORT = ("broker-1", "broker-2", "broker-3"), 9092
API_VERSIONS, METADATA, FIND_COORDINATOR = 18, 3, 10
PRODUCER_ID = 7
DECODERS = {
    API_VERSIONS: admin.ApiVersionRequest_v0,
    METADATA: metadata.MetadataRequest_v1,
    FIND_COORDINATOR: coordination.FindCoordinatorRequest_v1,
    INIT_PRODUCER_ID: transaction.InitProducerIdRequest_v0,
    ADD_PARTITIONS: transaction.AddPartitionsToTxnRequest_v0,
    END_TXN: transaction.EndTxnRequest_v0,
    PRODUCE: produce.ProduceRequest_v7,
}
PRODUCER_FIELDS = struct.Struct(">hii")  # epoch, base sequence, count: bytes 51 to 61 of a record batch
UNIT = re.compile(rb"unit-(\d+)")


class Cluster:
    """`verifies`: leaders ask the coordinator whether a partition is in the transaction (Kafka from 3.6 on)."""

    def __init__(self, troubles: list[Trouble], rng: random.Random, *, verifies: bool) -> None:
        self.logs = {topic: Log() for topic in TOPICS}
        self.coordinator = Coordinator(self.logs, rng)
        self.seen: Counter[int] = Counter()
        self.torn: dict[int, tuple[str, ...]] = {}  # units that a reader saw in these topics only
        self.coordinator.on_over = self._compare
        self.late_met: list[str] = []  # the coordinator's state when a late EndTxn came
        self.tasks: set[asyncio.Task[Any]] = set()
        self.kill: Callable[[], object] = lambda: None  # ends the process under test
        self._troubles = {(each.request, each.nth): each for each in troubles}
        self._verifies = verifies

    async def start(self) -> None:
        for name in BROKERS:
            await asyncio.start_server(self._connected, name, PORT)

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """No coroutine: until Python 3.12 asyncio reports one that is cancelled at the end of a run as an error."""
        task = asyncio.ensure_future(self._serve(reader, writer))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                (size,) = struct.unpack(">i", await reader.readexactly(4))
                body = BytesIO(await reader.readexactly(size))
                key, _version, correlation = struct.unpack(">hhi", body.read(8))
                String("utf-8").decode(body)
                answer = await self._handle(key, DECODERS[key].decode(body))
                if answer is None:
                    writer.close()
                    return
                message = struct.pack(">i", correlation) + answer.encode()
                writer.write(struct.pack(">i", len(message)) + message)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass

    async def _handle(self, key: int, request: Any) -> Any:
        """The answer, or None: the connection is cut."""
        self.seen[key] += 1
        trouble = self._troubles.get((key, self.seen[key]))
        if trouble is None:
            return self._carry_out(key, request)
        if trouble.how == "refused":
            return _refusal(key, request, trouble.code)
        if trouble.how == "done":
            self._carry_out(key, request)
            return _refusal(key, request, trouble.code)
        if trouble.how == "slow":
            await asyncio.sleep(trouble.seconds)
            return self._carry_out(key, request)
        if trouble.how in ("unanswered", "killed"):
            self._carry_out(key, request)
        if trouble.how == "killed":
            self.kill()
        if trouble.how == "late":
            asyncio.get_running_loop().call_later(trouble.seconds, self._late, key, request)
        return None

    def _compare(self) -> None:
        """Between two transactions every topic shows the same units."""
        for unit in {unit for log in self.logs.values() for unit in log.committed}:
            there = tuple(topic for topic, log in self.logs.items() if unit in log.committed)
            if len(there) < len(TOPICS):
                self.torn.setdefault(unit, there)

    def _late(self, key: int, request: Any) -> None:
        if key == END_TXN:
            self.late_met.append(self.coordinator.state)
        self._carry_out(key, request)

    def _carry_out(self, key: int, request: Any) -> Any:
        if key == API_VERSIONS:
            return admin.ApiVersionResponse_v0(0, [(k, d.API_VERSION, d.API_VERSION) for k, d in DECODERS.items()])
        if key == METADATA:
            nodes = [(number, name, PORT, None) for number, name in enumerate(BROKERS)]
            leaders = [(0, topic, False, [(0, 0, n % 3, [n % 3], [n % 3])]) for n, topic in enumerate(TOPICS)]
            return metadata.MetadataResponse_v1(nodes, 0, leaders)
        if key == FIND_COORDINATOR:
            return coordination.FindCoordinatorResponse_v1(0, 0, None, 0, BROKERS[0], PORT)
        return self._transact(key, request)

    def _transact(self, key: int, request: Any) -> Any:
        coordinator = self.coordinator
        if key == INIT_PRODUCER_ID:
            code = coordinator.initialise()
            return transaction.InitProducerIdResponse_v0(0, code, PRODUCER_ID, coordinator.epoch)
        if key == ADD_PARTITIONS:
            code = coordinator.add(request.producer_epoch, [topic for topic, _ in request.topics])
            return _refusal(key, request, code)
        if key == END_TXN:
            code = coordinator.end(request.producer_epoch, commit=bool(request.transaction_result))
            return _refusal(key, request, code)
        codes = {topic: self._append(topic, batch) for topic, parts in request.topics for _, batch in parts}
        return _produced(request, codes)

    def _append(self, topic: str, batch: bytes) -> int:
        log, (epoch, sequence, count) = self.logs[topic], PRODUCER_FIELDS.unpack_from(batch, 51)
        if self._verifies and not log.pending and not self.coordinator.has(epoch, topic):
            return INVALID_TXN_STATE
        found = UNIT.search(batch)
        assert found is not None
        return log.append(epoch, sequence, count, int(found[1]))


def _refusal(key: int, request: Any, code: int) -> Any:
    """An answer that carries nothing but a code."""
    if key == INIT_PRODUCER_ID:
        return transaction.InitProducerIdResponse_v0(0, code, -1, -1)
    if key == ADD_PARTITIONS:
        answer = [(topic, [(part, code) for part in parts]) for topic, parts in request.topics]
        return transaction.AddPartitionsToTxnResponse_v0(0, answer)
    if key == END_TXN:
        return transaction.EndTxnResponse_v0(0, code)
    return _produced(request, {topic: code for topic, _ in request.topics})


def _produced(request: Any, codes: dict[str, int]) -> Any:
    answer = [(topic, [(part, codes[topic], 0, -1, 0) for part, _ in parts]) for topic, parts in request.topics]
    return produce.ProduceResponse_v7(answer, 0)
