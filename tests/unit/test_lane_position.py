"""The position: everything in it survives being stored; what another set-up wrote is refused."""

import pytest

from streams.errors import LaneBroken
from streams.lane.position import OUTCOMES, Position, TopicPosition


def position(partitions=4, clock="wall"):
    return Position(partitions, clock, {"outages": TopicPosition(), "orders": TopicPosition()})


def written():
    before = position()
    before.as_of, before.extra = 1_780_459_200, {"published": 1_780_459_199}
    before.topics["outages"] = TopicPosition(42, 2, 1_780_459_200_123)
    before.topics["outages"].count({"applied": 30, "rejected": 9, "marks": 1})
    before.topics["outages"].count({"applied": 0, "duplicate": 0, "stale": 0})
    return before


def test_it_comes_back_as_it_was_stored():
    after = position()
    after.restore(written().encode())

    assert after == written()
    assert after.topics["outages"].counts == dict.fromkeys(OUTCOMES, 0) | {"applied": 30, "rejected": 9, "marks": 1}
    assert after.topics["orders"] == TopicPosition()


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (position(partitions=8), "partitions = 4, this worker is set to 8"),
        (position(clock="marks"), "clock = wall, this worker is set to marks"),
    ],
)
def test_another_partition_count_or_clock_is_refused(other, said):
    with pytest.raises(LaneBroken, match=said):
        other.restore(written().encode())


@pytest.mark.parametrize("version", [b"\x00", b"\x02", b"{"])
def test_another_version_is_refused_before_anything_is_read(version):
    after = position()

    with pytest.raises(LaneBroken, match=f"format {version[0]}, this version reads format 1"):
        after.restore(version + b"\xff no json")
    assert after == position()


def test_a_topic_that_is_no_input_any_more_is_left_out():
    before = written()
    before.topics["complaints"] = TopicPosition(7, 0)
    after = position()
    after.restore(before.encode())

    assert after.topics.keys() == {"outages", "orders"}


def test_an_outcome_that_did_not_exist_yet_is_zero():
    before = written()
    del before.topics["outages"].counts["forwarded"]
    after = position()
    after.restore(before.encode())

    assert after.topics["outages"].counts["forwarded"] == 0


def test_an_outcome_nobody_knows_is_a_bug():
    with pytest.raises(KeyError):
        TopicPosition().count({"lost": 1})
