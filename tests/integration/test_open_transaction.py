"""A transaction that a source leaves open on an input: a web server names it, the partition goes on when it ends."""

import urllib.request
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import orjson
from kafka import KafkaProducer

from streams import topics
from streams.demo.kafka import free_port
from streams.settings import Settings
from streams.web.open_transactions import OpenTransactions
from tests.support.service import Service
from tests.support.workers import Worker, eventually

OPEN = "outages_open|all|kind=fault|now"
STARTED = {"kind": "fault", "areas": [{"area": "A", "customers": 10}]}


def test_the_producer_is_named_until_it_ends_its_transaction(
    make_settings: Callable[..., Settings], tmp_path: Path
) -> None:
    settings, port = make_settings(partitions=1, contiguous_inputs=False), free_port()
    service = Service(settings, tmp_path)
    topic, name = service.name(topics.OUTAGES), f"{settings.topic_prefix}scada"
    holder = KafkaProducer(bootstrap_servers=settings.broker, transactional_id=name)
    web = Worker(settings, tmp_path / "web.log", ("streams.cli", "web"), web_port=port)

    def held() -> list[dict[str, Any]]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
                return list(orjson.loads(answer.read())["open_transactions"])
        except OSError:
            return []

    try:
        with closing(web):
            assert OpenTransactions(settings).ask() == ()
            holder.init_transactions()
            holder.begin_transaction()
            holder.send(topic, key=b"other", value=b"{}").get(20)
            service.say("started", "O1", 60, **STARTED)
            eventually("the web server names it", lambda: bool(held()))
            (found,) = held()
            assert (found["topic"], found["partition"], found["transactional_id"]) == (topic, 0, name)
            (asked,) = OpenTransactions(settings).ask()
            assert asked.producer_id == found["producer_id"]
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
                assert f'gridpulse_input_transaction_open_seconds{{partition="0",producer_id="{asked.producer_id}"' in (
                    answer.read().decode()
                )
            assert OPEN not in service.kpis() or service.kpis()[OPEN][0] == 0, "nothing behind it is read"
            holder.abort_transaction()
            eventually("the partition goes on", lambda: service.kpis().get(OPEN, (0,))[0] == 1)
            eventually("nothing is named any more", lambda: not held())
    finally:
        holder.close()
        service.worker.close()
        service.producer.close()
