"""Input records that retention deleted before they were read, on a real broker."""

from collections.abc import Callable
from pathlib import Path

import pytest
from kafka import TopicPartition

from streams import topics
from streams.dimensions.periods import local_day
from streams.settings import Settings
from tests.support.service import Service, statuses
from tests.support.workers import eventually

pytestmark = pytest.mark.proof


def test_they_are_counted_the_account_is_even_and_their_days_are_incomplete(
    make_settings: Callable[..., Settings], tmp_path: Path
) -> None:
    service = Service(make_settings(partitions=1), tmp_path)
    topic = service.name(topics.OUTAGES)
    try:
        for number in range(10):
            service.say("started", f"O{number}", 60, kind="fault", areas=[{"area": "A", "customers": 10}])
        service.evaluate()
        assert service.worker.leave() == 0
        for number in range(10, 40):
            service.say("started", f"O{number}", 50, kind="fault", areas=[{"area": "A", "customers": 10}])
        service.producer.flush()
        with topics.admin(service.settings) as client:
            client.delete_records({TopicPartition(topic, 0): 30})

        service.worker.restart()
        eventually("what is left is read", lambda: service.processed()[topics.OUTAGES]["passed"] == 40)
        service.evaluate()

        processed = service.processed()[topics.OUTAGES]  # which also compares the account with the offsets
        assert (processed["lost"], processed["applied"]) == (20, 20)
        (status,) = statuses(service)
        (gap,) = status["gaps"]
        assert None not in gap
        assert "retention deleted 20 records before they were read" in service.worker.text
        day = local_day(service.began, service.settings.zone)
        eventually(
            "the day is incomplete",
            lambda: not service.rows(topics.KPIS)[f"saifi|all|kind=fault|{day}"]["complete"],
        )
        assert service.rows(topics.KPIS)["outages_open|all|kind=fault|now"]["complete"]
    finally:
        service.worker.close()
        service.producer.close()
