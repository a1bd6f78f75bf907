"""Hosts whose clock is wrong, and read times of a future, against the clock of a real broker."""

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import orjson
import pytest

from schemas.event import format_instant
from streams import clock, topics
from streams.lane.position import KEY
from streams.settings import Settings
from tests.support.workers import CASES, Worker, committed, eventually, new_producer, table

pytestmark = pytest.mark.proof

WEB = ("streams.cli", "web")
BOUND, FUTURE = 30, 600


class Service:
    """One partition; the test's clock is the broker's."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self.settings, self.folder = settings, folder
        self.producer = new_producer(settings.broker)

    def worker(self, ahead: int = 0) -> Worker:
        changes = {"instance": "w", "data_dir": str(self.folder), "fault_clock_seconds": ahead}
        return Worker(self.settings, self.folder / "w.log", CASES, **changes)

    def order(self, name: str, minutes: int) -> None:
        """One that was reported so many minutes ago."""
        at = format_instant(clock.now() - 60 * minutes)
        said = {"event_id": name, "revision": 1, "occurred_at": at, "recorded_at": at, "source": "oms"}
        about = {"report_received_at": at, "work_type": "repair", "origin": "call", "area": "A"}
        value = orjson.dumps({"event_type": "created", "work_order_id": name, **said, **about})
        self.write(topics.REPAIRS, name.encode(), value)

    def write(self, topic: str, key: bytes, value: bytes) -> None:
        self.producer.send(self.settings.topic_prefix + topic, key=key, value=value, partition=0)
        self.producer.flush()

    def table(self, topic: str) -> dict[bytes, bytes]:
        return table(self.settings.broker, self.settings.topic_prefix + topic)

    def read_times(self) -> list[int]:
        """Every read time that was ever committed."""
        records = committed(self.settings.broker, self.settings.topic_prefix + topics.LEDGER)
        return [orjson.loads(record.value[1:])["as_of"] for record in records if record.key == KEY]

    def statuses(self) -> dict[str, str]:
        """Of the clocks that were announced last."""
        return {key.decode(): orjson.loads(row)["status"] for key, row in self.table(topics.SLA_BREACHES).items()}


@pytest.fixture
def service(make_settings: Callable[..., Settings], tmp_path: Path) -> Iterator[Service]:
    settings = make_settings(partitions=1, session_timeout_seconds=2, clock_skew_max_seconds=BOUND)
    service = Service(settings, tmp_path)
    service.write(topics.NETWORK, b"area/A", orjson.dumps({"record_type": "area", "area": "A", "area_type": "urban"}))
    yield service
    service.producer.close()


@pytest.mark.parametrize(("ahead", "side"), [(FUTURE, "ahead of"), (-FUTURE, "behind")])
def test_a_worker_whose_host_is_too_far_from_the_broker_refuses(service: Service, ahead: int, side: str) -> None:
    with closing(service.worker(ahead)) as worker:
        assert worker.wait() == 1
        assert re.search(rf"The clock of this host is (5[89]\d|600) s {side} the broker's", worker.text)
        assert "GRIDPULSE_CLOCK_SKEW_MAX_SECONDS" in worker.text
        assert "Traceback" not in worker.text
    assert not service.read_times()


@pytest.mark.parametrize("ahead", [BOUND - 5, 5 - BOUND])
def test_within_the_bound_read_time_is_the_brokers(service: Service, ahead: int) -> None:
    began = clock.now()
    with closing(service.worker(ahead)) as worker:
        service.order("W1", minutes=1)
        eventually("the worker is at the present", lambda: (service.read_times() or [0])[-1] >= began + 5)
        reached, now = service.read_times(), clock.now()
        assert max(reached) <= now
        worker.check_alive()


def test_a_read_time_of_the_future_comes_back_with_what_it_made(service: Service) -> None:
    with closing(service.worker()) as worker:
        service.order("W1", minutes=40)  # breached in five minutes, at risk already
        eventually("it is at risk", lambda: service.statuses().get("L3a|order/W1|1") == "at_risk")
        assert worker.leave() == 0
        row = service.table(topics.LEDGER)[KEY]
        position = orjson.loads(row[1:])
        position["as_of"] += FUTURE
        position["extra"]["published"] += FUTURE
        service.write(topics.LEDGER, KEY, row[:1] + orjson.dumps(position))
        worker.restart()
        began = clock.now()
        eventually("it goes on at the present", lambda: began + 3 <= service.read_times()[-1] <= clock.now())
        assert "read time of the future comes back" in worker.text
        assert service.statuses()["L3a|order/W1|1"] == "at_risk"


def test_a_web_server_goes_by_the_brokers_clock(service: Service, tmp_path: Path) -> None:
    import urllib.request  # noqa: PLC0415  # of this test only

    from streams.demo.kafka import free_port  # noqa: PLC0415  # as above

    def stale(port: int) -> bool | None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
                return bool(orjson.loads(answer.read())["roles"]["cases"]["stale"])
        except OSError:
            return None

    port = free_port()
    wrong = {"web_port": port, "fault_clock_seconds": -3600}
    with closing(service.worker()) as worker, closing(Worker(service.settings, tmp_path / "web.log", WEB, **wrong)):
        eventually("it shows the present", lambda: stale(port) is False)
        worker.kill()
        eventually("data that stand still are stale", lambda: stale(port) is True)
