"""Records larger than a dead letter may be, or with headers whose names are no text, stop nothing."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from kafka import KafkaProducer
from kafka.admin import ConfigResource, ConfigResourceType

from streams import topics
from streams.agents.dead_letters import VALUE_BYTES_MAX
from streams.readers.header_names import tolerate
from streams.settings import Settings
from tests.support.raw_headers import Raw
from tests.support.service import HEADERS, Service

pytestmark = pytest.mark.proof

LARGE = 20 * 2**20


def allow_large_records(settings: Settings, topic: str) -> None:
    """What an operator may have set on an input topic."""
    with topics.admin(settings) as client:
        resource = ConfigResource(ConfigResourceType.TOPIC, topic, configs={"max.message.bytes": str(LARGE)})
        client.alter_configs([resource])


def test_an_invalid_record_of_9_mb_and_a_gzip_of_12_mb_of_blanks_are_letters(
    make_settings: Callable[..., Settings], tmp_path: Path
) -> None:
    settings = make_settings()
    service = Service(settings, tmp_path)
    allow_large_records(settings, service.name(topics.OUTAGES))
    values = {"large": b'{"x": "' + b"y" * 9_000_000 + b'"}', "blanks": b" " * 12_000_000}
    headers = [("h", b"x" * 9_000_000)]
    try:
        with KafkaProducer(
            bootstrap_servers=settings.broker, compression_type="gzip", max_request_size=LARGE
        ) as producer:
            for key, value in values.items():
                producer.send(service.name(topics.OUTAGES), key=key.encode(), value=value, headers=HEADERS)
            producer.send(service.name(topics.OUTAGES), key=b"headers", value=b"{", headers=headers)
            producer.flush()
        service.sent[topics.OUTAGES] += 3
        service.say("started", "O1", 60, kind="fault", areas=[{"area": "A", "customers": 10}])
        service.evaluate()

        assert service.kpis()["outages_open|all|kind=fault|now"][0] == 1
        letters = service.letters()
        assert len(letters) == 3
        found = {dict(letter.headers)["gridpulse.value.sha256"].decode(): letter for letter in letters.values()}
        for value in values.values():
            letter = found[sha256(value).hexdigest()]
            assert letter.value == (b"" if value.startswith(b"{") else value[:VALUE_BYTES_MAX])  # JSON unread
            assert dict(letter.headers)["gridpulse.value.bytes"] == str(len(value)).encode()
            assert list(letter.headers)[:2] == HEADERS
        letter = found[sha256(b"{").hexdigest()]
        assert dict(letter.headers)["gridpulse.headers.dropped"] == b"1"
    finally:
        service.worker.close()
        service.producer.close()


def test_a_header_whose_name_is_no_utf_8_makes_a_letter_of_its_record_alone(
    make_settings: Callable[..., Settings], tmp_path: Path
) -> None:
    tolerate()  # of the consumers here, too
    service = Service(make_settings(partitions=1), tmp_path)
    started = {"kind": "fault", "areas": [{"area": "A", "customers": 10}]}
    value = service.say("started", "O1", 60, **started)
    try:
        for topic in (topics.OUTAGES, topics.LEDGER, topics.DEAD_LETTERS):  # recovery reads the second
            service.producer.send(service.name(topic), key=b"O2", value=value, headers=[(Raw(b"\xff\xfe"), b"x")])
        service.sent[topics.OUTAGES] += 1
        service.say("started", "O3", 60, **started)
        service.evaluate()
        assert service.kpis()["outages_open|all|kind=fault|now"][0] == 2
        (letter,) = (each for each in service.letters().values() if each.key != b"O2")
        headers = dict(letter.headers)
        assert headers["__connect.errors.exception.class.name"] == b"undecodable"
        assert headers["__connect.errors.exception.message"].startswith(b"the name of a header is no UTF-8")
        assert headers["\\udcff\\udcfe"] == b"x"
        service.worker.restart()
        service.evaluate()
        assert service.kpis()["outages_open|all|kind=fault|now"][0] == 2
    finally:
        service.worker.close()
        service.producer.close()
