"""What workers say became of their records, against one undisturbed pass over the same partitions.

Facts are idempotent, so a record that was applied twice, or whose rows were written before their transaction failed,
shows in no KPI. It shows in the accounts: position and state are committed together, so every position that was ever
committed has to hold exactly the counts that somebody who was never disturbed would have at those offsets. In the same
way whoever publishes a KPI knows what was published before: no revision is left out or told twice.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

import orjson

from schemas.codec import decode
from streams import topics
from streams.agents.placement import Placement
from streams.app import new_ledger
from streams.kpis import KPIS
from streams.kpis.kpi import Role
from streams.lane.batch import mark_of
from streams.lane.position import KEY, OUTCOMES, VERSION
from streams.reference.network import Network
from streams.reference.reference import Reference
from streams.settings import Settings
from streams.wiring.names import Names
from streams.wiring.rules import rules_of
from tests.support.producer_epochs import writers_of
from tests.support.workers import committed, table

Tally = dict[str, int]


class Pass:
    """One ledger that takes one source partition record by record; `tallies` are the counts after each record."""

    def __init__(self, settings: Settings, role: Role, partition: int, network: Network) -> None:
        reference = Reference(network, rules_of(settings))
        self.ledger = new_ledger(role, reference, Placement(partition, settings.partitions).owns)
        self.families = Names.under(settings.topic_prefix, role).families
        self.tallies: dict[str, list[Tally]] = {}

    def run(self, inputs: Mapping[str, Sequence[Any]]) -> dict[str, list[Tally]]:
        """`inputs`: the records of each topic, in their order. A mark is passed when every topic has reached it."""
        waiting = {topic: _up_to_marks(records) for topic, records in inputs.items()}
        self.tallies = {topic: [dict.fromkeys((*OUTCOMES, "unknown_fields"), 0)] for topic in inputs}
        now = 0
        while parts := {topic: part for topic, parts in waiting.items() if (part := next(parts, None)) is not None}:
            reached = {mark for mark, _ in parts.values()}
            assert (len(reached), len(parts)) == (1, len(inputs)), "the topics have different marks"
            for topic, (_, records) in parts.items():
                for record in records:
                    self._take(topic, record, now)
            now = reached.pop()
            self.ledger.due(now)
            for _ in self.ledger.evaluate(now):
                pass
        return self.tallies

    def _take(self, topic: str, record: Any, now: int) -> None:
        unknown, tally = self.ledger.unknown_fields, dict(self.tallies[topic][-1])
        if mark_of(record) is None:
            counts, _ = self.ledger.apply(self.families[topic], [record], now)
        else:
            counts = {"marks": 1}
        for outcome, count in counts.items():
            tally[outcome] += count
        tally["unknown_fields"] += self.ledger.unknown_fields - unknown
        self.tallies[topic].append(tally)


def _up_to_marks(records: Sequence[Any]) -> Iterator[tuple[int, list[Any]]]:
    """A mark and the records up to it, itself included; what comes after the last mark is not looked at."""
    part: list[Any] = []
    for record in records:
        part.append(record)
        if (mark := mark_of(record)) is not None:
            yield mark, part
            part = []


def wrong_accounts(settings: Settings, role: Role) -> list[str]:
    """A sentence for each thing that an undisturbed pass would not have left; every input has to be read to its end."""
    names = Names.under(settings.topic_prefix, role)
    inputs = {topic: _by_partition(committed(settings.broker, topic)) for topic in names.families}
    network = _network(settings)
    told = _by_partition(committed(settings.broker, names.ledger, evaluation=True))
    found: list[str] = []
    for partition in range(settings.partitions):
        records = {topic: inputs[topic].get(partition, []) for topic in names.families}
        tallies = Pass(settings, role, partition, network).run(records)
        stored = [record.value for record in told.get(partition, []) if record.key == KEY]
        positions = [orjson.loads(value.removeprefix(VERSION)) for value in stored]
        found += [f"{role}, partition {partition}: {what}" for what in _wrong(positions, tallies)]
    return [*found, *_foreign(settings, names), *_repeated(settings, role)]


def _wrong(positions: list[dict[str, Any]], tallies: Mapping[str, list[Tally]]) -> Iterator[str]:
    before: dict[str, int] = {}
    for number, position in enumerate(positions, 1):
        where = f"position {number} of {len(positions)}"
        reached = {topic: said["next_offset"] for topic, said in position["topics"].items()}
        reached |= {"as_of": position["as_of"], "published": position["extra"].get("published") or 0}
        for name, at in reached.items():
            if at < before.get(name, 0):
                yield f"{where} goes back, {name} from {before[name]} to {at}"
        before = reached
        unknown = 0
        for topic, said in position["topics"].items():
            expected = dict(tallies[topic][said["next_offset"]])
            unknown += expected.pop("unknown_fields")
            if said["start"] != 0 or said["counts"] != expected:
                yield f"{where} counts {said['counts']} at offset {reached[topic]} of {topic}, should be {expected}"
        if position["extra"].get("unknown_fields") != unknown:
            yield f"{where} has {position['extra'].get('unknown_fields')} unknown fields, should be {unknown}"
    for topic, passed in tallies.items():
        if before.get(topic) != len(passed) - 1:
            yield f"the last position is at {before.get(topic)} of {topic}, which ends at {len(passed) - 1}"


def _foreign(settings: Settings, names: Names) -> Iterator[str]:
    """Whether anybody but the one owner of its time wrote the ledger, or the sums."""
    for topic in (names.ledger, names.partials):
        try:
            writers_of(settings.broker, topic).check_single_and_fenced()
        except AssertionError as error:
            yield f"{topic}, {error}"


def _repeated(settings: Settings, role: Role) -> Iterator[str]:
    """Whether anybody published without knowing what was published before: each revision is one more than the last."""
    names = {kpi.name for kpi in KPIS if kpi.role == role}
    revisions: dict[bytes, int] = {}
    for records in _by_partition(
        committed(settings.broker, settings.topic_prefix + topics.KPIS, evaluation=True)
    ).values():
        for record in records:
            if record.key.decode().partition("|")[0] in names:
                revision = orjson.loads(record.value)["revision"] if record.value else 0
                if revision and revision != revisions.get(record.key, 0) + 1:
                    yield f"{role}, {record.key.decode()}: revision {revision} after {revisions.get(record.key, 0)}"
                revisions[record.key] = revision


def _by_partition(records: list[Any]) -> dict[int, list[Any]]:
    ordered = sorted(records, key=lambda record: (record.partition, record.offset))
    return {number: list(group) for number, group in groupby(ordered, lambda record: record.partition)}


def _network(settings: Settings) -> Network:
    rows = table(settings.broker, settings.topic_prefix + topics.NETWORK)
    return Network.from_records([decode("network", value).event for value in rows.values()])
