"""Rows that somebody else wrote or deleted in gridpulse's own topics, on a real broker."""

import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import orjson
import pytest
from click.testing import CliRunner
from kafka import KafkaProducer

from streams import topics
from streams.cli import main
from streams.demo.kafka import free_port
from streams.lane.position import KEY
from streams.settings import Settings
from tests.support.foreign_rows import OPEN, last_of, refused, write
from tests.support.service import Service, statuses
from tests.support.workers import Worker, eventually

pytestmark = pytest.mark.proof

CASES = 40


@pytest.fixture
def service(make_settings: Callable[..., Settings], tmp_path: Path) -> Iterator[Service]:
    service = Service(make_settings(), tmp_path)
    for number in range(CASES):
        service.say("started", f"O{number}", 60, kind="fault", areas=[{"area": "A", "customers": 10}])
    service.evaluate()
    yield service
    service.worker.close()
    service.producer.close()


def run(service: Service, *command: str) -> Any:
    env = {name: value for name, value in service.settings.environment().items() if name.startswith("GRIDPULSE_")}
    return CliRunner().invoke(main, list(command), env=env)


def open_outages(service: Service) -> int:
    """By the last record under the key, among whatever rows there are."""
    rows = [value for (_, key), value in last_of(service, topics.KPIS).items() if key == OPEN.encode()]
    return sum(orjson.loads(value)["numerator"] for value in rows)


def set_aside(service: Service) -> int:
    return sum(status["rows_set_aside"] for status in statuses(service))


def test_foreign_and_damaged_rows_are_set_aside_found_and_mended(service: Service) -> None:
    ledger = last_of(service, topics.LEDGER)
    (partition, damaged), good = next((row, value) for row, value in ledger.items() if row[1].startswith(b"outage/"))
    cell = next(row for row in last_of(service, topics.PARTIALS) if row[1] == b"all|now")
    kpi = next(row for row in last_of(service, topics.KPIS) if row[1] == OPEN.encode())
    for topic in (topics.LEDGER, topics.PARTIALS, topics.KPIS):
        for key in (b"hello", b"\xff\xfe", b"a|b|c|d|e"):
            write(service, topic, key, b"hello")
    service.say("started", "O while it runs", 60, kind="fault", areas=[{"area": "A", "customers": 10}])
    service.evaluate()
    assert open_outages(service) == CASES + 1, "foreign rows that come in stop nobody"

    assert service.worker.leave() == 0
    write(service, topics.LEDGER, damaged, good[: len(good) // 2], partition)
    position = ledger[partition, KEY]
    write(service, topics.LEDGER, KEY, b"hello", partition)
    write(service, topics.PARTIALS, cell[1], position, cell[0])
    write(service, topics.KPIS, kpi[1], b'{"value": 3}', kpi[0])
    found = run(service, "topics", "check", "--contents")
    assert found.exit_code == 1
    prefix = service.settings.topic_prefix
    for topic, key in ((topics.LEDGER, "b'hello'"), (topics.KPIS, repr(kpi[1])), (topics.PARTIALS, "b'all|now'")):
        assert any(
            line.startswith(f"foreign {prefix}{topic} partition ") and f" key {key}: " in line
            for line in found.output.splitlines()
        ), (topic, found.output)
    assert "13 foreign or damaged rows" in found.output

    service.worker.restart()
    service.evaluate()
    assert open_outages(service) == CASES + 1
    assert set_aside(service) == 13
    assert last_of(service, topics.LEDGER)[partition, damaged] == good, "the last good row is written again"
    found = run(service, "topics", "check", "--contents")
    assert "9 foreign or damaged rows" in found.output, "ours are mended, the others stay where they are"


def test_half_of_the_ledger_deleted_stops_with_a_sentence_and_rebuild_makes_it_anew(service: Service) -> None:
    assert run(service, "rebuild", "--role", "cases").exit_code == 1, "a worker is running"
    assert service.worker.leave() == 0
    rows = [row for row in last_of(service, topics.LEDGER) if row[1] != KEY]
    for partition, key in rows[::2]:
        write(service, topics.LEDGER, key, None, partition)
    service.worker.restart()
    line = refused(service.worker)
    assert f"{service.name(topics.LEDGER)} partition " in line
    assert "its position stands for " in line
    assert "`gridpulse rebuild`" in line

    # Letters of defects, of which the ledger has a row each, go with it; others may be of the other role.
    write(service, topics.LEDGER, b"defect/cell/all|now", b"\x01")
    for key in (b"defect/cell/all|now", b"defect/kpi/voltage_compliance|all|-|now"):
        write(service, topics.DEAD_LETTERS, key, b"{}")
    eventually("the group is empty", lambda: run(service, "rebuild", "--role", "cases", "--dry-run").exit_code == 0)
    before = last_of(service, topics.LEDGER)
    dry = run(service, "rebuild", "--role", "cases", "--dry-run")
    assert f"would drop {len(before)} rows of {service.name(topics.LEDGER)}" in dry.output
    assert "the inputs have all records that were read" in dry.output
    assert last_of(service, topics.LEDGER) == before

    done = run(service, "rebuild", "--role", "cases")
    assert done.exit_code == 0, done.output
    assert not last_of(service, topics.LEDGER)
    assert not last_of(service, topics.PARTIALS)
    assert [key for _, key in last_of(service, topics.DEAD_LETTERS)] == [b"defect/kpi/voltage_compliance|all|-|now"]
    service.worker.restart()
    service.evaluate()
    assert open_outages(service) == CASES
    assert len(service.rows(topics.CASES)) == CASES


@pytest.mark.parametrize("emptied", [(topics.PARTIALS,), (topics.KPIS,), (topics.LEDGER,)])
def test_emptied_sums_kpis_or_a_wholly_emptied_ledger_heal(service: Service, emptied: tuple[str, ...]) -> None:
    assert service.worker.leave() == 0
    for topic in emptied:
        for partition, key in last_of(service, topic):
            write(service, topic, key, None, partition)
    service.worker.restart()
    service.evaluate()
    assert open_outages(service) == CASES
    assert set_aside(service) == 0


def test_inputs_that_retention_has_cut_are_named_and_want_force(service: Service) -> None:
    assert service.worker.leave() == 0
    with topics.admin(service.settings) as client:
        from kafka import TopicPartition  # noqa: PLC0415  # of this test only

        cut = TopicPartition(service.name(topics.OUTAGES), 0)
        client.delete_records({cut: 3})

    eventually("the group is empty", lambda: run(service, "rebuild", "--role", "cases", "--dry-run").exit_code == 0)
    found = run(service, "rebuild", "--role", "cases", "--dry-run")
    assert f"lost for good: {cut.topic} partition 0: 3 records are gone" in found.output
    found = run(service, "rebuild", "--role", "cases")
    assert found.exit_code == 1
    assert "--force" in found.output
    assert run(service, "rebuild", "--role", "cases", "--force").exit_code == 0
    service.worker.restart()
    eventually("the others are there again", lambda: open_outages(service) == CASES - 3)


def test_a_foreign_ledger_row_of_our_shape_shows(service: Service) -> None:
    assert service.worker.leave() == 0
    with KafkaProducer(bootstrap_servers=service.settings.broker) as producer:
        producer.send(service.name(topics.LEDGER), key=b"outage/nobody", value=b"\x02{}", partition=1)
    service.worker.restart()
    assert "its position stands for " in refused(service.worker)


def test_letters_are_not_read_as_text_by_the_web_server(service: Service) -> None:
    """Their reasons are labels: see tests/unit/test_rows.py; here they come from a broker."""
    header = [("__connect.errors.exception.class.name", b"\xff\xfe")]
    service.producer.send(service.name(topics.DEAD_LETTERS), key=b"x", value=b"", headers=header, partition=0)
    service.producer.flush()
    found = run(service, "topics", "check", "--contents")
    assert found.exit_code == 1
    assert "its reason is none that gridpulse gives" in found.output


READERS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "web": (("streams.cli", "web"), (topics.KPIS, topics.CASES, topics.PARTIALS, topics.VOLTAGE_PARTIALS)),
    "notify": (("streams.cli", "notify"), (topics.SLA_BREACHES,)),
}
FOREIGN = (
    (b"hello", b"hello"),
    (b"\xff\xfe", b"\xff\xfe"),
    (b"outage/O1", b"[" * 500),
    (b"saidi|all|-|now", b'{"kpi": 7}'),
    (b"outage/O1/L6/1", b"null"),
)


@pytest.mark.parametrize("name", READERS)
def test_foreign_rows_end_neither_the_web_server_nor_the_bridge(service: Service, name: str, tmp_path: Path) -> None:
    command, read = READERS[name]
    address = f"127.0.0.1:{free_port()}"
    ports = {f"{name}_port": int(address.split(":")[1]), "alertmanager": f"http://127.0.0.1:{free_port()}"}
    with closing(Worker(service.settings, tmp_path / f"{name}.log", command, **ports)) as reader:

        def counted() -> float:
            lines = asked(address, "/metrics").splitlines()
            return sum(
                float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith(f"gridpulse_{name}_rows_set_aside")
            )

        def foreign() -> None:
            for topic in read:
                for key, value in FOREIGN:
                    service.producer.send(service.name(topic), key=key, value=value, partition=1)
            service.producer.flush()

        eventually("it answers", lambda: '"ready"' in asked(address, "/readyz"))
        foreign()
        eventually("the rows are counted", lambda: counted() == len(read) * len(FOREIGN))
        reader.restart()
        eventually("they are counted anew", lambda: counted() == len(read) * len(FOREIGN))
        service.say("started", "O after", 60, kind="fault", areas=[{"area": "A", "customers": 10}])
        service.evaluate()
        eventually("it is up to date", lambda: '"ready"' in asked(address, "/readyz"))
        reader.check_alive()


def asked(address: str, path: str) -> str:
    """An answer, whatever its status; empty while there is none."""
    try:
        with urllib.request.urlopen(f"http://{address}{path}", timeout=5) as answer:
            return str(answer.read(), "utf-8")
    except OSError:
        return ""
