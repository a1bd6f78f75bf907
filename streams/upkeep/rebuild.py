"""`gridpulse rebuild`: drop what a role has stored, so that its workers make it anew from the inputs."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson
from kafka import KafkaConsumer, KafkaProducer, TopicPartition

from streams import topics
from streams.agents.defects import PREFIX as DEFECT
from streams.cases.registry import CASES
from streams.errors import RebuildRefused
from streams.kpis.kpi import Role
from streams.lane.position import KEY
from streams.settings import Settings
from streams.wiring.names import Names

OnProgress = Callable[[int, int], None]
KINDS: dict[Role, tuple[bytes, ...]] = {
    "cases": tuple(f"{kind.name}/".encode() for kind in CASES),
    "voltage": (b"point/",),
}
POLL_MS = 500


class Gone(NamedTuple):
    """Input records that the ledger was made of and that the topic no longer has."""

    topic: str
    partition: int
    records: int

    def __str__(self) -> str:
        return f"{self.topic} partition {self.partition}: {self.records} records are gone"


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be dropped: keys by topic and partition, the position last; and what the inputs no longer have."""

    keys: dict[TopicPartition, list[bytes]]
    gone: tuple[Gone, ...]

    @property
    def rows(self) -> int:
        return sum(map(len, self.keys.values()))

    def by_topic(self) -> dict[str, int]:
        """How many rows of each topic."""
        counts: dict[str, int] = {}
        for tp, keys in self.keys.items():
            counts[tp.topic] = counts.get(tp.topic, 0) + len(keys)
        return counts


def plan(settings: Settings, role: Role, on_progress: OnProgress) -> Plan:
    """Scan the topics; refuses while a worker of the role is running."""
    names = Names.under(settings.topic_prefix, role)
    _refuse_members(settings, names)
    ours = {
        names.ledger: lambda _key: True,
        names.partials: lambda _key: True,
        names.cases: lambda key: key.startswith(KINDS[role]),
        names.dead_letters: lambda key: key.startswith((b"finding/", DEFECT)),
    }
    consumer = KafkaConsumer(
        bootstrap_servers=settings.broker.split(","), enable_auto_commit=False, isolation_level="read_committed"
    )
    try:
        tables = _read(consumer, ours, on_progress)
        gone = tuple(_gone(consumer, names, tables))
    finally:
        consumer.close()
    for tp, letters in tables.items():
        if tp.topic == names.dead_letters:
            remembered = tables.get(TopicPartition(names.ledger, tp.partition), {})
            tables[tp] = {key: row for key, row in letters.items() if _is_ours(key, role) or key in remembered}
    # The position goes last: without it what is left of an interrupted rebuild would be taken for a ledger.
    keys = {tp: sorted(table, key=lambda key: (key == KEY, key)) for tp, table in tables.items() if table}
    return Plan(keys, gone)


def _is_ours(letter: bytes, role: Role) -> bool:
    """Whether a letter is about a case of the role; cells and KPIs are known by their rows in the ledger only."""
    return letter.startswith(tuple(prefix + kind for prefix in (b"finding/", DEFECT) for kind in KINDS[role]))


def _refuse_members(settings: Settings, names: Names) -> None:
    with topics.admin(settings) as client:
        group = client.describe_groups([names.app_id])[names.app_id]
    members = group["members"]
    if members:
        hosts = sorted({f"{member['client_id']} on {member['client_host']}" for member in members})
        raise RebuildRefused(
            f"{len(members)} workers of the role {names.role} are running ({', '.join(hosts)}): stop them first. One "
            "that was killed counts until GRIDPULSE_SESSION_TIMEOUT_SECONDS have passed."
        )


def _read(
    consumer: Any, ours: dict[str, Callable[[bytes], bool]], on_progress: OnProgress
) -> dict[TopicPartition, dict[bytes, bytes]]:
    """The last committed row of each key that is the role's."""
    wanted = [tp for topic in ours for tp in _partitions(consumer, topic)]
    tables: dict[TopicPartition, dict[bytes, bytes]] = {tp: {} for tp in wanted}
    consumer.assign(wanted)
    begin, end = consumer.beginning_offsets(wanted), consumer.end_offsets(wanted)
    for tp in wanted:
        consumer.seek(tp, begin[tp])
    total = sum(end[tp] - begin[tp] for tp in wanted)
    while behind := [tp for tp in wanted if consumer.position(tp) < end[tp]]:
        consumer.pause(*(set(wanted) - set(behind)))
        for tp, records in consumer.poll(timeout_ms=POLL_MS).items():
            for record in records:
                if record.value is None:
                    tables[tp].pop(record.key or b"", None)
                elif record.key is not None and ours[tp.topic](record.key):
                    tables[tp][record.key] = record.value
        on_progress(sum(consumer.position(tp) - begin[tp] for tp in wanted), total)
    return tables


def _gone(consumer: Any, names: Names, tables: dict[TopicPartition, dict[bytes, bytes]]) -> Iterator[Gone]:
    """Where an input no longer begins where the ledger, or the first one of all, once began."""
    inputs = [tp for name in names.families for tp in _partitions(consumer, name)]
    begin = consumer.beginning_offsets(inputs)
    for tp in inputs:
        start = _start(tables.get(TopicPartition(names.ledger, tp.partition), {}).get(KEY), tp.topic)
        if begin[tp] > start:
            yield Gone(tp.topic, tp.partition, begin[tp] - start)


def _partitions(consumer: Any, topic: str) -> list[TopicPartition]:
    return [TopicPartition(topic, number) for number in sorted(consumer.partitions_for_topic(topic) or ())]


def _start(position: bytes | None, topic: str) -> int:
    """The first offset of a topic that the ledger has read; 0, if the position does not have it."""
    try:
        start = orjson.loads((position or b" {}")[1:])["topics"][topic]["start"]
    except (KeyError, TypeError, ValueError):
        return 0
    return start if isinstance(start, int) else 0


def carry_out(settings: Settings, role: Role, what: Plan, on_progress: OnProgress) -> None:
    """Remove every row, the position of each partition last; interrupted, it is simply run again."""
    _refuse_members(settings, Names.under(settings.topic_prefix, role))
    producer = KafkaProducer(bootstrap_servers=settings.broker.split(","), acks="all")
    try:
        done = 0
        for tp, keys in sorted(what.keys.items(), key=lambda item: KEY in item[1]):
            for key in keys:
                if key == KEY:
                    producer.flush()
                producer.send(tp.topic, partition=tp.partition, key=key, value=None)
                done += 1
                on_progress(done, what.rows)
        producer.flush()
    finally:
        producer.close()
