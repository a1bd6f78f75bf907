"""A ledger of the format before, without facts that are kept today, on a real broker."""

from collections.abc import Callable
from pathlib import Path

import orjson

from streams import topics
from streams.lane.position import KEY
from streams.settings import Settings
from tests.integration.test_foreign_rows import last_of, refused, write
from tests.integration.test_service import Service

CASES = 12


def test_an_older_ledger_gets_what_it_did_not_keep_and_a_newer_one_is_refused(
    make_settings: Callable[..., Settings], tmp_path: Path
) -> None:
    service = Service(make_settings(partitions=2), tmp_path)
    try:
        for number in range(CASES):
            service.say("started", f"O{number}", 60, kind="fault", areas=[{"area": "A", "customers": 10}])
            service.say("restored", f"O{number}", 30)
        service.settle()
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

        service.worker.restart()
        service.settle()
        assert "an older version wrote it; inputs are read again" in service.worker.text
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
