"""One id in two areas is two points: in lists, findings, announcements and alerts, and after an upgrade."""

from types import SimpleNamespace

import orjson
import pytest

from schemas.event import format_instant
from schemas.network import Area, Point
from schemas.point_key import point_id
from streams import topics
from streams.agents.partition import SourcePartition
from streams.cases.points import PointLedger
from streams.cells.partials import Partials
from streams.kpis import KPIS
from streams.lane.position import Position, TopicPosition
from streams.notify.alerts import Links, alert_of, key_of
from streams.publish.board import Board
from streams.reference.network import Network
from streams.reference.reference import Reference
from streams.reference.rules import Rules
from streams.wiring.names import Names

NOON = 1_780_459_200  # 2026-06-03T12:00:00+08:00
RULES, NAMES = Rules(), Names.under("", "voltage")
AREAS = ("TA-1", "TA-2")


def network(areas):
    places = [Area(area=area, region="north", area_type="urban", served=[]) for area in areas]
    fixed = {"monitoring_class": "D", "nominal_centivolts": 22_000, "phases": ["A"]}
    return Network.from_records([*places, Point(point="P1", area=areas[0], **fixed)])


class Installation:
    """A voltage partition, and its topics as a reader of their last values knows them."""

    def __init__(self, areas=AREAS):
        self.areas, self.topics, self.offset = areas, {}, 0
        self.reference = Reference(network(areas), RULES)
        self.begin(Position(1, "wall", {topics.VOLTAGE: TopicPosition()}))

    def begin(self, position):
        board = Board(0, 1, KPIS, RULES, publish_interval=1, growth_interval=60, role="voltage")
        ledger = PointLedger(Partials(), self.reference, lambda _: True)
        self.partition, self.position = SourcePartition(0, NAMES, board, ledger, announces_from=0), position
        tables = {
            name: self.topics.get(name, {}) for name in (NAMES.ledger, NAMES.partials, NAMES.kpis, NAMES.breaches)
        }
        self.partition.load(tables, position)

    def restart(self, told_with):
        self.position.extra["told_with"] = told_with
        position = Position(1, "wall", {topics.VOLTAGE: TopicPosition()})
        position.restore(self.position.encode())
        self.begin(position)
        self.commit()

    def send(self, area, at, volts, point="P1", **said):
        event = {"event_type": "reading", "area": area, "point": point, "source": "ami", "recorded_at": at, **said}
        event |= {"occurred_at": at, "value_centivolts": volts * 100, "phase": "A", "nominal_centivolts": 22_000}
        value = orjson.dumps(event | {"recorded_at": format_instant(at), "occurred_at": format_instant(at)})
        record = SimpleNamespace(key=area.encode(), value=value, timestamp=at * 1000, offset=0, headers=())
        assert not self.partition.ledger.apply("voltage", [record], at)[1]

    def at(self, now):
        self.position.as_of = now
        self.partition.advance(now, complete=False)
        self.commit()

    def commit(self):
        for topic, key, value, _ in self.partition.outputs(self.position):
            store = self.topics.setdefault(topic, {})
            store.pop(key, None)
            if value is not None:
                store[key] = value

    def keys(self, topic):
        return sorted(key.decode() for key in self.topics.get(topic, {}))

    def tile(self, name):
        sums = self.partition.partials.sums["all|now"]
        return sum(amount for measure, (amount, _) in sums.items() if measure.startswith(name + "|"))


def test_one_id_in_two_areas_is_two_lines_of_the_list_behind_the_tile():
    service = Installation()
    for area in AREAS:
        service.send(area, NOON, 245)
    service.at(NOON + 300)

    assert service.tile("voltage_points_out") == 2
    assert service.keys(NAMES.cases) == ["point/TA-1/P1", "point/TA-2/P1"]
    assert service.keys(NAMES.dead_letters) == ["finding/point/TA-2/P1/point_not_in_network"]

    service.send("TA-2", NOON + 900, 220)
    service.at(NOON + 900)

    listed = {key.decode(): orjson.loads(value) for key, value in service.topics[NAMES.cases].items()}
    assert service.tile("voltage_points_out") == 1
    assert {key: (case["case"], case["state"]) for key, case in listed.items()} == {
        "point/TA-1/P1": ("TA-1/P1", "over"),
        "point/TA-2/P1": ("TA-2/P1", "within"),  # its finding remains
    }


def test_the_clocks_of_both_are_announced_and_fire_as_two_alerts():
    service = Installation()
    both = Network.from_records(
        [
            *(Area(area=area, region="north", area_type="urban", served=[]) for area in AREAS),
            *(
                Point(point="P1", area=area, monitoring_class="D", nominal_centivolts=22_000, phases=["A"])
                for area in AREAS
            ),
        ]
    )
    assert [*both.points] == [("TA-1", "P1"), ("TA-2", "P1")]
    service.partition.refer(Reference(both, RULES))
    for area in AREAS:
        service.send(area, NOON, 245)
        service.send(area, NOON + 900, 245)
    service.at(NOON + 901)

    breaches = service.topics[NAMES.breaches]
    assert service.keys(NAMES.breaches) == [f"L15a|point/{area}/P1|{NOON}" for area in AREAS]
    alerts = [alert_of(orjson.loads(value), Links("UTC", "")) for value in breaches.values()]
    assert sorted(key_of(alert["labels"]) for alert in alerts) == service.keys(NAMES.breaches)


@pytest.mark.parametrize(
    ("area", "point", "key"),
    [
        ("TA-1", "P1", "TA-1/P1"),
        ("a/b", "c", "a%2Fb/c"),
        ("a", "b/c", "a/b%2Fc"),
        ("a%2Fb", "c", "a%252Fb/c"),
        ("a|b", "c\n", "a%7Cb/c%0A"),
        ("台区 1", "表", "台区 1/表"),
    ],
)
def test_area_and_id_of_a_key_are_quoted_so_that_no_two_points_share_one(area, point, key):
    assert point_id(area, point) == key


@pytest.mark.parametrize("areas", [AREAS, ("TA/1", "TA%2F1")])
@pytest.mark.parametrize("told_with", ["4/any", None])
def test_after_an_upgrade_nothing_stays_under_a_key_without_the_area(areas, told_with):
    service = Installation(areas)
    for area in areas:
        service.send(area, NOON, 245)
        service.send(area, NOON + 900, 245)
    service.at(NOON + 901)
    now = {topic: service.keys(topic) for topic in (NAMES.cases, NAMES.dead_letters, NAMES.breaches, NAMES.ledger)}
    log = f"announced/point/{point_id(areas[0], 'P1')}".encode()
    assert now[NAMES.breaches] == [f"L15a|point/{point_id(areas[0], 'P1')}|{NOON}"]
    as_by_an_older_version(service, areas, log)

    service.restart(told_with)

    assert {topic: service.keys(topic) for topic in now} == now


def as_by_an_older_version(service, areas, log):
    """What version 4 wrote of the same: one record a key, and the log under ids as they are."""
    ours = service.topics
    ours[NAMES.cases] = {b"point/P1": [*ours[NAMES.cases].values()][-1]}
    ours[NAMES.dead_letters] = {b"finding/point/P1/point_not_in_network": b"{}"}
    ours[NAMES.breaches] = {f"L15a|point/P1|{NOON}".encode(): [*ours[NAMES.breaches].values()][-1]}
    rows = ours[NAMES.ledger]
    rows[f"announced/point/{areas[0]}/P1".encode()] = rows.pop(log)


def test_a_first_start_and_a_restart_of_the_same_version_withdraw_nothing():
    service = Installation()
    service.send("TA-1", NOON, 245)
    written = []
    outputs = service.partition.outputs
    service.partition.outputs = lambda position: written.extend(found := outputs(position)) or found
    service.at(NOON + 300)
    assert b"point/P1" not in {key for _, key, _, _ in written}
