"""Read time: the last record's timestamp or, caught up, the moment at which the fetch was sent."""

import pytest

from streams.lane.position import TopicPosition
from streams.lane.read_time import ReadTime

T = 1_780_416_000


def topic(next_offset=None, last_second=0):
    return TopicPosition(next_offset, last_timestamp=1000 * (T + last_second) + 999)


def now(read_time, **topics):
    return read_time.now(topics.items())


def test_a_topic_that_was_never_heard_of_holds_everything_at_zero():
    read_time = ReadTime()
    read_time.observe("orders", 5, T + 900)

    assert now(ReadTime()) == 0
    assert now(read_time, orders=topic(5), outages=TopicPosition()) == 0


def test_in_a_backlog_it_is_the_last_records_timestamp():
    assert now(ReadTime(), outages=topic(10, 700)) == T + 700


def test_caught_up_it_is_when_the_fetch_that_showed_it_was_sent():
    read_time = ReadTime()
    read_time.observe("outages", 10, T + 900)

    assert now(read_time, outages=topic(10, 700)) == T + 900
    assert now(read_time, outages=topic(11, 700)) == T + 900, "what came since has been applied as well"


def test_an_empty_topic_is_caught_up_from_its_first_answer():
    read_time = ReadTime()
    read_time.observe("outages", 0, T + 900)

    assert now(read_time, outages=TopicPosition()) == T + 900


def test_delivered_is_not_applied():
    read_time = ReadTime()
    read_time.observe("outages", 10, T + 900)

    assert now(read_time, outages=topic(9, 700)) == T + 700


def test_the_slowest_topic_decides():
    read_time = ReadTime()
    read_time.observe("outages", 10, T + 900)
    read_time.observe("orders", 5, T + 895)

    assert now(read_time, outages=topic(10, 700), orders=topic(5, 100)) == T + 895
    assert now(read_time, outages=topic(10, 700), orders=topic(4, 100)) == T + 100


def test_a_later_answer_replaces_an_earlier_one():
    read_time = ReadTime()
    read_time.observe("outages", 10, T + 900)
    read_time.observe("outages", 12, T + 901)

    assert now(read_time, outages=topic(11, 700)) == T + 700
    assert now(read_time, outages=topic(12, 700)) == T + 901


def test_a_broker_ahead_of_our_clock_does_not_turn_time_back():
    read_time = ReadTime()
    read_time.observe("outages", 10, T + 900)

    assert now(read_time, outages=topic(10, 903)) == T + 903


@pytest.mark.parametrize("seconds", [0, 1, 86_400, 946_684_799])
def test_a_clock_that_was_never_set_is_no_read_time(seconds):
    position = TopicPosition(10, last_timestamp=1000 * seconds)

    assert now(ReadTime(), outages=position) == 0
    assert now(ReadTime(), outages=TopicPosition(10, last_timestamp=946_684_800_000)) == 946_684_800
