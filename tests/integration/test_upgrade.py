"""A ledger of the format before, without facts that are kept today, on a real broker."""

from collections.abc import Callable
from pathlib import Path

import orjson
import pytest
from kafka import TopicPartition

from streams import topics
from streams.lane.position import KEY
from streams.settings import Settings
from tests.support.foreign_rows import OPEN, last_of, refused, write
from tests.support.service import Service
from tests.support.workers import eventually

pytestmark = pytest.mark.proof

CASES = 12


def test_an_older_ledger_gets_what_it_did_not_keep_and_a_newer_one_is_refused(
    make_settings: Callable[..., Settings], tmp_path: Path
) -> None:
    service = Service(make_settings(partitions=2), tmp_path)
    try:
        for number in range(CASES):
            service.say("started", f"O{number}", 60, kind="fault", areas=[{"area": "A", "customers": 10}])
            service.say("restored", f"O{number}", 30)
        service.evaluate()
        before = service.kpis()
        assert service.worker.leave() == 0
        for (partition, key), value in last_of(service, topics.LEDGER).items():
            if key == KEY:
                position = orjson.loads(value[1:])
                del position["rows"]
                write(service, topics.LEDGER, key, b"\x01" + orjson.dumps(position), partition)
            elif key.startswith(b"outage/"):  # as if that version had not kept when supply came back
                facts = orjson.loads(value[1:])
                assert facts.pop("end")
                write(service, topics.LEDGER, key, value[:1] + orjson.dumps(facts), partition)
        ghost = next(value for (_, key), value in last_of(service, topics.LEDGER).items() if key.startswith(b"outage/"))
        log = {"L8b|1": {"told": "breached"}}
        for topic, key, value in (  # a case by rules of that version only, as of a record in another partition
            (topics.LEDGER, b"outage/ghost", ghost),
            (topics.LEDGER, b"announced/outage/ghost", b"\x01" + orjson.dumps(log)),
            (topics.CASES, b"outage/ghost", orjson.dumps(service.rows(topics.CASES)["outage/O1"] | {"case": "ghost"})),
            (topics.SLA_BREACHES, b"L8b|outage/ghost|1", b"{}"),
        ):
            write(service, topic, key, value)

        service.worker.restart()
        service.evaluate()
        assert "an older version wrote it; inputs are read again" in service.worker.text
        assert "is made anew; 1 cases are gone" in service.worker.text
        for topic in (topics.LEDGER, topics.CASES, topics.SLA_BREACHES):
            assert [key for _, key in last_of(service, topic) if b"ghost" in key] == []
        assert b"\0" not in last_of(service, topics.LEDGER).values(), "no row waits"
        assert len(service.rows(topics.CASES)) == CASES
        assert service.kpis().keys() == before.keys()
        assert {key: value for key, value in service.kpis().items() if value != before[key]} == {}

        assert service.worker.leave() == 0
        for (partition, key), value in last_of(service, topics.LEDGER).items():
            if key == KEY:
                write(service, topics.LEDGER, key, b"\x03" + value[1:], partition)
        service.worker.restart()
        assert "the ledger was written in format 3, this version reads format 2" in refused(service.worker)
    finally:
        service.worker.close()
        service.producer.close()


def test_what_retention_has_deleted_stays_as_the_older_version_knew_it(
    make_settings: Callable[..., Settings], tmp_path: Path
) -> None:
    service = Service(make_settings(partitions=1), tmp_path)
    try:
        for number in range(CASES):
            service.say("started", f"O{number}", 60, kind="fault", areas=[{"area": "A", "customers": 10}])
        service.evaluate()
        before = service.kpis()
        assert service.worker.leave() == 0
        position = orjson.loads(last_of(service, topics.LEDGER)[0, KEY][1:])
        del position["rows"]
        write(service, topics.LEDGER, KEY, b"\x01" + orjson.dumps(position))
        with topics.admin(service.settings) as client:
            client.delete_records({TopicPartition(service.name(topics.OUTAGES), 0): 5})
        service.worker.restart()
        eventually("it is made anew", lambda: "is made anew; 0 cases are gone" in service.worker.text)
        service.say("started", "Onew", 60, kind="fault", areas=[{"area": "A", "customers": 10}])
        eventually("all count", lambda: service.kpis()[OPEN][0] == before[OPEN][0] + 1 == CASES + 1)
        assert "5 records that it was made of are gone" in service.worker.text
    finally:
        service.worker.close()
        service.producer.close()
