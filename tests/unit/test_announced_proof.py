"""A restart compares the log of announcements with the topic: what is missing there is announced again, once."""

import orjson
import pytest

from streams.agents.announcing import PREFIX
from tests.support.case_clocks import CALL, Desk
from tests.support.lives import at, order
from tests.support.point_clocks import FINE, NOON, OVER, QUARTER
from tests.support.point_clocks import Desk as Points

KEY = b"L3a|order/W|1"
FOREVER = 0


def topic_of(desk: Desk) -> dict[bytes, bytes]:
    return {key.encode(): orjson.dumps(record) for key, record in desk.records}


def restarted(desk: Desk, topic: dict[bytes, bytes], kept_since: int = FOREVER) -> Desk:
    """Another process over the same ledger and the topic as it stands; `told` are its announcements only."""
    again = Desk()
    again.rows = {key: value for key, value in desk.rows.items() if key.startswith(PREFIX)}
    desk.stored = getattr(desk, "stored", {}) | dict(desk.ledger.unsaved())
    again.stored = desk.stored
    again.ledger.load(again.announcer.load([*again.rows.items(), *again.stored.items()]), desk.now)
    again.ledger.evaluate_again(again.announcer.prove(again.ledger.cases, topic, kept_since))
    again.now = desk.now
    return again.advance_to(desk.now)


@pytest.fixture
def breached() -> Desk:
    desk = Desk()
    desk.send(CALL)
    desk.advance_to("03 08:50")
    assert desk.statuses("L3a")[-1] == "breached"
    return desk


def test_what_stands_in_the_topic_is_not_announced_again(breached):
    assert restarted(breached, topic_of(breached)).records == []


def test_a_record_that_is_missing_is_announced_once(breached):
    topic = topic_of(breached)
    lost = orjson.loads(topic.pop(KEY))
    again = restarted(breached, topic)
    assert [key for key, _ in again.records] == [KEY.decode()]
    assert again.last("L3a") == lost
    assert restarted(again, topic | topic_of(again)).records == []


@pytest.mark.parametrize("value", [b"hello", b"[1]", b'{"status": "breached"}', b"\xff", b""])
def test_what_is_no_record_of_ours_is_written_over(breached, value):
    assert [key for key, _ in restarted(breached, topic_of(breached) | {KEY: value}).records] == [KEY.decode()]


def test_a_record_from_before_the_last_announcement_is_replaced(breached):
    warned = next(record for key, record in breached.records if key == KEY.decode() and record["status"] == "at_risk")
    again = restarted(breached, topic_of(breached) | {KEY: orjson.dumps(warned)})
    assert again.statuses("L3a") == ["breached"]


def test_an_end_that_is_missing_is_announced_although_its_clock_is_over(breached):
    breached.send(order("arrived", "03 08:51"))
    assert breached.statuses("L3a")[-1] == "met_late"
    topic = topic_of(breached)
    del topic[KEY]
    again = restarted(breached, topic)
    assert again.statuses("L3a") == ["met_late"]
    assert again.last("L3a")["stopped_by"]["fact"] == breached.last("L3a")["stopped_by"]["fact"]


def test_what_retention_may_have_deleted_is_not_announced_again(breached):
    announced_at = at("03 08:45") + 1
    assert breached.last("L3a")["detected_at"].endswith("00:45:01Z")
    topic = topic_of(breached)
    del topic[KEY]
    assert restarted(breached, topic, announced_at + 1).records == []
    assert len(restarted(breached, topic, announced_at).records) == 1


def test_a_record_that_stands_without_a_row_of_the_log_is_known(breached):
    topic = topic_of(breached)
    breached.rows = {}
    again = restarted(breached, topic)
    assert again.records == []
    again.send(order("arrived", "03 08:51"))
    assert again.statuses("L3a") == ["met_late"]


def test_a_record_that_stands_without_a_row_is_taken_back_when_its_clock_was_kept(breached):
    topic = topic_of(breached)
    breached.rows = {}
    breached.send(order("arrived", "03 08:44"))  # and not announced
    breached.rows = {}
    assert restarted(breached, topic).statuses("L3a") == ["retracted"]


def test_a_row_without_the_time_of_its_announcement_goes_by_the_begin_of_its_clock(breached):
    topic = topic_of(breached)
    del topic[KEY]
    key, row = next((key, row) for key, row in breached.rows.items() if key == PREFIX + b"order/W")
    log = orjson.loads(row[1:])
    for entry in log.values():
        del entry["at"]
    breached.rows[key] = row[:1] + orjson.dumps(log)
    assert len(restarted(breached, topic).records) == 1
    assert restarted(breached, topic, at("03 08:01")).records == []


def test_a_point_announces_again_what_is_missing():
    desk = Points().values(FINE, OVER, OVER, OVER, FINE)
    desk.advance_to(NOON + 4 * QUARTER)
    last = desk.last("L15a")
    restart_point(desk, {})
    again = [record for record in desk.records if record["clock"] == "L15a"]
    assert [record["status"] for record in again] == [last["status"]]
    topic = {desk.key_of(record): orjson.dumps(record) for record in desk.records}
    assert restart_point(desk, topic).records == []


def restart_point(desk: Points, topic: dict[bytes, bytes]) -> Points:
    desk.records = []
    desk.restart()
    desk.ledger.evaluate_again(desk.announcer.prove(desk.ledger.cases, topic, FOREVER))
    desk.key_of = lambda record: f"{record['clock']}|{_point_key(desk)}|{record['cycle']}".encode()
    return desk.advance_to(desk.now + 1)


def _point_key(desk: Points) -> str:
    return next(case.key for case in desk.ledger.cases.values() if case.key.startswith("point/"))
