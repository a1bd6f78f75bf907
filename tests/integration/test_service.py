"""The whole app on the wall clock and a real broker: what goes in comes out as KPIs, cases, letters and accounts."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from schemas.event import format_instant
from streams import topics
from streams.dimensions.periods import local_day
from streams.lane.position import OUTCOMES
from streams.settings import Settings
from tests.support.service import DAY, ERRORS, HEADERS, MINUTE, Service, statuses


@pytest.fixture
def service(make_settings: Callable[..., Settings], tmp_path: Path) -> Iterator[Service]:
    made = Service(make_settings(partitions=2, session_timeout_seconds=6, audit_interval_seconds=1), tmp_path)
    yield made
    made.worker.close()
    made.producer.close()


def lives(service: Service) -> None:
    """O-1 is open, O-2 is restored, W-1 has arrived in time; each is told once."""
    say = service.say
    say("started", "O-1", 40, kind="fault", areas=[{"area": "A", "customers": 100}])
    say("started", "O-2", 50, kind="fault", areas=[{"area": "B", "customers": 50}])
    say("restored", "O-2", 20)
    created = {"work_type": "repair", "origin": "call", "area": "A"}
    say("created", "W-1", 60, report_received_at=format_instant(service.began - 60 * MINUTE), **created)
    say("arrived", "W-1", 30)


def expected(service: Service) -> dict[str, tuple[Any, ...]]:
    def day(minutes: int) -> str:
        return local_day(service.began - minutes * MINUTE, service.settings.zone)

    return {
        "customers_out|all|kind=all|now": (100, 1, True),
        "customers_out|region=north|kind=fault|now": (100, 1, True),
        "outages_open|all|kind=fault|now": (1, 1, True),
        f"saifi|region=south|kind=fault|{day(50)}": (50, 5_000, True),
        f"caidi|region=south|kind=fault|{day(50)}": (50 * 30 * MINUTE, 60 * 50, True),
        f"restoration_time_mean|all|kind=fault|{day(20)}": (30 * MINUTE, 60, True),
        f"arrival_on_time_share|region=north|-|{day(60)}": (1, 1, True),
        f"arrival_time_mean|all|-|{day(60)}": (30 * MINUTE, 60, True),
    }


def subset(values: dict[str, Any], keys: Any) -> dict[str, Any]:
    return {key: values.get(key) for key in keys}


def test_kpis_and_cases_are_those_of_the_events_also_when_they_are_told_twice(service: Service) -> None:
    lives(service)
    lives(service)
    service.say("started", "O-1", 39, revision=4, kind="fault", areas=[{"area": "A", "customers": 7}])
    service.evaluate()

    assert subset(service.kpis(), expected(service)) == expected(service)
    cases = service.rows(topics.CASES)
    assert {key: (case["state"], case["open"], case.get("customers_out")) for key, case in cases.items()} == {
        "outage/O-1": ("active", True, 100),
        "outage/O-2": ("restored", False, 0),
        "order/W-1": ("on_site", True, None),
    }
    outcomes = service.processed()
    assert (
        outcomes[topics.OUTAGES] | {"applied": 3, "duplicate": 3, "stale": 1, "passed": 7} == outcomes[topics.OUTAGES]
    )
    assert outcomes[topics.REPAIRS] | {"applied": 2, "duplicate": 2, "passed": 4} == outcomes[topics.REPAIRS]


def test_what_cannot_be_applied_is_kept_as_it_came_with_the_reason(service: Service) -> None:
    lives(service)
    started = {"kind": "fault", "areas": [{"area": "A", "customers": 1000}]}
    huge = b"\xff" * 1_048_300
    wrong = {
        "undecodable": {b"\xff{ no json", b""},  # of an order nothing is kept that cannot be read
        "invalid": {service.say("started", "O-3", 10, kind=5)},
        "misrouted": {service.say("started", "O-4", 10, key="O-5", **started)},
        "from_the_future": {service.say("started", "O-6", -6, **started)},
        "sealed_period": {service.say("started", "O-7", 3654 * DAY / MINUTE, **started)},
    }
    service.send(topics.OUTAGES, "O-8", b"\xff{ no json")
    service.send(topics.REPAIRS, "W-8", huge)
    service.evaluate()

    letters: dict[str, set[bytes]] = {}
    for key, letter in service.letters().items():
        headers = dict(letter.headers)
        topic, partition, offset = key.split("/")
        assert [headers[ERRORS + name] for name in ("topic", "partition", "offset")] == [
            topic.encode(),
            partition.encode(),
            offset.encode(),
        ]
        assert headers[ERRORS + "stage"] in (b"VALUE_CONVERTER", b"TRANSFORMATION")
        if topic == service.name(topics.OUTAGES):  # those of orders and complaints may say something about people
            assert list(letter.headers[:2]) == HEADERS
        letters.setdefault(headers[ERRORS + "exception.class.name"].decode(), set()).add(letter.value)
    assert letters == wrong
    assert subset(service.kpis(), expected(service)) == expected(service)
    assert service.rows(topics.CASES).keys() == {"outage/O-1", "outage/O-2", "order/W-1"}
    outcomes = service.processed()
    assert (outcomes[topics.OUTAGES]["rejected"], outcomes[topics.REPAIRS]["rejected"]) == (5, 1)


def test_a_contradiction_is_a_letter_until_it_is_corrected(service: Service) -> None:
    service.say("started", "O-9", 10, kind="fault", areas=[{"area": "A", "customers": 5}])
    service.say("restored", "O-9", 20)
    service.evaluate()

    case = service.rows(topics.CASES)["outage/O-9"]
    assert (case["state"], len(case["findings"])) == ("contradictory", 1)
    assert set(service.letters()) == {f"finding/outage/O-9/{case['findings'][0]}"}

    service.say("restored", "O-9", 5, revision=6, event_id="correction")
    service.evaluate()

    assert service.rows(topics.CASES)["outage/O-9"]["findings"] == []
    assert service.letters() == {}


def test_accounts_and_values_stand_after_a_kill(service: Service) -> None:
    lives(service)
    service.send(topics.OUTAGES, "O-8", b"{")
    service.evaluate()
    before = service.processed()
    service.worker.kill()
    lives(service)
    service.send(topics.OUTAGES, "O-8", b"}")
    service.say("started", "O-10", 15, kind="fault", areas=[{"area": "B", "customers": 11}])
    service.worker.restart()
    service.evaluate()

    after = service.processed()
    assert {topic: row["passed"] for topic, row in after.items()} == service.sent
    grown = {outcome: after[topics.OUTAGES][outcome] - before[topics.OUTAGES][outcome] for outcome in OUTCOMES}
    assert grown == dict.fromkeys(OUTCOMES, 0) | {"applied": 1, "duplicate": 3, "rejected": 1}
    values = expected(service) | {
        "customers_out|all|kind=all|now": (111, 1, True),
        "outages_open|all|kind=fault|now": (2, 1, True),
    }
    del values[next(key for key in values if key.startswith("caidi"))]  # O-10 is part of it now, and grows
    del values[next(key for key in values if key.startswith("saifi"))]
    assert subset(service.kpis(), values) == values
    assert len(service.letters()) == 2
    assert all(status["drift"] == 0 for status in statuses(service))
