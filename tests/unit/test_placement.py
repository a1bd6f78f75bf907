"""Records in a partition that murmur2 of their key does not give: rejected, counted, kept as letters."""

import random
from types import SimpleNamespace

import pytest
from kafka.partitioner.default import murmur2 as kafka_pythons

from schemas.codec import encode
from streams import topics
from streams.agents.partition import SourcePartition
from streams.agents.placement import Placement, place_of
from streams.cases.ledger import Ledger
from streams.cells.partials import Partials
from streams.kpis import KPIS
from streams.lane.position import Position, TopicPosition
from streams.oracle.placing import is_foreign
from streams.publish.board import Board
from streams.wiring.names import Names
from tests.support.lives import REFERENCE, at, order

NAMES = Names.under("")
KEY = b"W"


@pytest.mark.parametrize(
    ("key", "java"),  # the examples of UtilsTest in Kafka's Java client
    [
        (b"21", -973932308),
        (b"foobar", -790332482),
        (b"a-little-bit-long-string", -985981536),
        (b"a-little-bit-longer-string", -1486304829),
        (b"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971),
        (b"abc", 479470107),
    ],
)
def test_the_place_is_that_of_kafkas_java_client(key, java):
    assert place_of(key, 1000) == (java & 0x7FFFFFFF) % 1000


def test_service_and_oracle_place_keys_alike():
    rng = random.Random(5)
    for _ in range(500):
        key, partitions, partition = rng.randbytes(rng.randint(0, 40)), rng.randint(1, 50), rng.randint(0, 49)
        assert place_of(key, partitions) == (kafka_pythons(key) & 0x7FFFFFFF) % partitions
        foreign = is_foreign(topics.OUTAGES, key, partition, partitions)
        assert foreign == bool(Placement(partition, partitions).split([SimpleNamespace(key=key, headers=())])[1])


def test_records_of_the_network_and_without_a_key_are_foreign_nowhere():
    right = place_of(KEY, 4)
    assert is_foreign(topics.REPAIRS, KEY, (right + 1) % 4, 4)
    assert not is_foreign(topics.NETWORK, KEY, (right + 1) % 4, 4)
    assert not is_foreign(topics.REPAIRS, None, 3, 4)


def partition_of(number: int, partitioner: str = "murmur2") -> SourcePartition:
    board = Board(number, 4, KPIS, REFERENCE.rules, publish_interval=1, growth_interval=60)
    placement = Placement(number, 4, partitioner)
    partition = SourcePartition(number, NAMES, board, Ledger(Partials(), REFERENCE), placement=placement)
    tables = {name: {} for name in (NAMES.ledger, NAMES.partials, NAMES.kpis, NAMES.breaches)}
    partition.load(tables, Position(4, "wall", {name: TopicPosition() for name in NAMES.families}))
    return partition


def record(key, offset=0):
    value = encode(order("created", "03 08:00"))
    return SimpleNamespace(key=key, value=value, timestamp=at("03 08:00") * 1000, offset=offset, headers=())


def test_a_foreign_record_is_a_letter_and_changes_nothing():
    number = (place_of(KEY, 4) + 1) % 4
    partition = partition_of(number)
    counts = partition.apply(topics.REPAIRS, [record(KEY, 7), record(None, 8)])
    assert counts == {"rejected": 2}
    assert not partition.ledger.cases
    foreign, keyless = partition.outputs(partition.position)
    assert foreign.key == f"{topics.REPAIRS}/{number}/7".encode()
    headers = dict(foreign.headers)
    assert headers["__connect.errors.exception.class.name"] == b"misrouted"
    assert f"murmur2 of its key gives {place_of(KEY, 4)}".encode() in headers["__connect.errors.exception.message"]
    assert keyless.key == f"{topics.REPAIRS}/{number}/8".encode()
    assert partition.position.extra["refused"] == {topics.REPAIRS: {"misrouted": 2}}


def test_among_others_it_is_taken_out_and_the_order_of_the_others_stays():
    number = place_of(KEY, 4)
    other = next(b"X%d" % n for n in range(99) if place_of(b"X%d" % n, 4) != number)
    ours, foreign = Placement(number, 4).split([record(KEY, 1), record(other, 2), record(None, 3), record(KEY, 4)])
    assert [each.offset for each in ours] == [1, 3, 4]
    assert [each.offset for each, _ in foreign] == [2]


def test_with_another_partitioner_a_record_is_taken_where_it_is():
    partition = partition_of((place_of(KEY, 4) + 1) % 4, "any")
    assert partition.apply(topics.REPAIRS, [record(KEY)]) == {"applied": 1}
    assert not partition.placement.owns("A")
