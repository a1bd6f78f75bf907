"""Rows that somebody else writes into gridpulse's own topics."""

from tests.support.service import Service
from tests.support.workers import Worker, committed

OPEN = "outages_open|all|kind=fault|now"


def write(service: Service, topic: str, key: bytes, value: bytes | None, partition: int = 0) -> None:
    service.producer.send(service.name(topic), key=key, value=value, partition=partition)
    service.producer.flush()


def last_of(service: Service, topic: str) -> dict[tuple[int, bytes], bytes]:
    rows: dict[tuple[int, bytes], bytes] = {}
    for record in committed(service.settings.broker, service.name(topic)):
        rows[record.partition, record.key] = record.value
    return {key: value for key, value in rows.items() if value is not None}


def refused(worker: Worker) -> str:
    assert worker.wait() == 70
    (line,) = [line for line in worker.text.splitlines() if " CRITICAL " in line]
    return line
