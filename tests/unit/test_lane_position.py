"""The position: everything in it survives being stored; what another set-up wrote is refused."""

import pytest

from streams.errors import LaneBroken
from streams.lane.position import GAPS_MAX, OUTCOMES, Position, TopicPosition


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


@pytest.mark.parametrize("version", [b"\x00", b"\x03", b"{"])
def test_another_version_is_refused_before_anything_is_read(version):
    after = position()

    with pytest.raises(LaneBroken, match=f"format {version[0]}, this version reads format 2 and the one before"):
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
        TopicPosition().count({"mislaid": 1})


def test_the_rows_that_were_read_back_have_to_be_those_it_stands_for():
    before = written()
    before.rows = (3, 2**64 - 1)
    position().take_over(before.encode(), 3, 2**64 - 1)

    for count, total, said in (
        (2, 2**64 - 1, "stands for 3 rows, and 2 are there"),
        (4, 2**64 - 1, "stands for 3 rows, and 4 are there"),
        (3, 0, "of the 3 rows that its position stands for some are others"),
    ):
        with pytest.raises(LaneBroken, match=f"{said}.*`gridpulse rebuild`"):
            position().take_over(before.encode(), count, total)


def test_rows_without_a_position_are_refused_and_none_at_all_is_a_new_ledger():
    with pytest.raises(LaneBroken, match=r"5 rows are there without a position.*`gridpulse rebuild`"):
        position().take_over(None, 5, 7)
    position().take_over(None, 0, 0)


def test_to_what_an_older_version_wrote_the_inputs_are_read_again():
    after = position()
    after.take_over(b"\x01" + written().encode()[1:], 5, 7)

    assert after.upgraded
    assert (after.as_of, after.extra) == (written().as_of, written().extra)
    assert after.topics == position().topics
    assert after.encode()[:1] == b"\x02"


def test_records_that_retention_deleted_are_counted_and_leave_a_gap_until_the_next_record():
    topic = TopicPosition(next_offset=40, start=0, last_timestamp=1_780_459_200_000)
    topic.count({"applied": 40})

    said = topic.lose(60)

    assert said.startswith("retention deleted 20 records before they were read")
    assert (topic.next_offset, topic.counts["lost"], topic.gaps) == (60, 20, [[1_780_459_200, None]])
    assert topic.next_offset - topic.start == sum(topic.counts.values()), "the account is even"
    topic.resume(1_780_545_600_999)
    topic.resume(1_780_632_000_000)
    assert topic.gaps == [[1_780_459_200, 1_780_545_600]]
    for beginning in range(61, 200):
        topic.lose(beginning)
    assert len(topic.gaps) == GAPS_MAX

    before = position()
    before.topics["outages"] = topic
    after = position()
    after.restore(before.encode())
    assert after.topics["outages"] == topic


@pytest.mark.parametrize(
    ("clock", "as_of", "back"), [("wall", 131, True), ("wall", 130, False), ("wall", 90, False), ("marks", 999, False)]
)
def test_a_read_time_of_the_future_comes_back_on_the_wall_clock(clock, as_of, back):
    position = Position(1, clock, {}, as_of)
    assert position.take_back(100, 30) is back
    assert position.as_of == (100 if back else as_of)
