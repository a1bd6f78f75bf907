"""What waits for a writer: in order, each offset once, cut at marks; nothing is passed over unnoticed."""

from types import SimpleNamespace

import pytest

from streams.errors import LaneBroken
from streams.lane.batch import MARK_HEADER, Batch, mark_of
from streams.lane.inbox import MAX_STEP_RECORDS, Inbox

TOPIC = "grid.outages.v1"


def event(offset):
    return SimpleNamespace(offset=offset, value=b"{}", headers=())


def mark(offset, at):
    return SimpleNamespace(offset=offset, value=None, headers=[("other", b"1"), (MARK_HEADER, b"%d" % at)])


def inbox(next_offset=0, contiguous=True):
    return Inbox(TOPIC, next_offset, contiguous=contiguous)


def put(box, *records):
    box.put(Batch(TOPIC, 3, [event(record) if isinstance(record, int) else record for record in records]))


def taken(box):
    while box:
        announced = box.mark()
        yield [record.offset for record in box.take()], announced


def test_batches_come_out_as_they_went_in():
    box = inbox()
    put(box, 0, 1)
    put(box, 2)

    assert box.records_waiting == 3
    assert list(taken(box)) == [([0, 1], None), ([2], None)]
    assert box.records_waiting == 0
    assert not box
    assert box.mark() is None


def test_a_batch_is_cut_at_marks_and_each_mark_comes_alone():
    box = inbox()
    put(box, 0, mark(1, 600), mark(2, 900), 3, 4, mark(5, 1200))
    put(box, 6)

    assert list(taken(box)) == [([0], None), ([1], 600), ([2], 900), ([3, 4], None), ([5], 1200), ([6], None)]


def test_a_long_batch_comes_in_steps_so_that_others_have_their_turn():
    box = inbox()
    put(
        box,
        *range(MAX_STEP_RECORDS),
        mark(MAX_STEP_RECORDS, 600),
        *range(MAX_STEP_RECORDS + 1, 2 * MAX_STEP_RECORDS + 1),
    )
    put(box, 2 * MAX_STEP_RECORDS + 1)
    steps = [(offsets[0], len(offsets), announced) for offsets, announced in taken(box)]

    assert steps == [
        (0, MAX_STEP_RECORDS, None),
        (MAX_STEP_RECORDS, 1, 600),
        (MAX_STEP_RECORDS + 1, MAX_STEP_RECORDS - 1, None),
        (2 * MAX_STEP_RECORDS, 1, None),
        (2 * MAX_STEP_RECORDS + 1, 1, None),
    ]


def test_what_waits_is_counted_across_cuts():
    box = inbox()
    put(box, 0, mark(1, 600), 2)

    box.take()

    assert box.records_waiting == 2


@pytest.mark.parametrize(
    "record",
    [
        event(0),
        SimpleNamespace(offset=0, value=None, headers=()),
        SimpleNamespace(offset=0, value=None, headers=[("other", b"600")]),
        SimpleNamespace(offset=0, value=b"{}", headers=[(MARK_HEADER, b"600")]),
        SimpleNamespace(offset=0, value=None, headers=[(MARK_HEADER, b"soon")]),
        SimpleNamespace(offset=0, value=None, headers=[(MARK_HEADER, None)]),
        SimpleNamespace(offset=0, value=None, headers=[(MARK_HEADER, b"9" * 5000)]),
    ],
    ids=[
        "event",
        "tombstone",
        "tombstone with a header",
        "event that carries a mark's header",
        "mark without a number",
        "mark without a value",
        "mark beyond time",
    ],
)
def test_only_an_empty_record_with_the_header_is_a_mark(record):
    box = inbox()
    put(box, record, 1)

    assert mark_of(record) is None
    assert [offsets for offsets, _ in taken(box)] == [[0, 1]]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [((5, 6), (7,), [[7]]), ((5, 6, 7), (8,), [[7], [8]]), ((7, 8), (7, 8, 9), [[7, 8], [9]]), ((7,), (6, 7), [[7]])],
    ids=["a whole batch", "its beginning", "what came before", "a batch once more"],
)
def test_what_lies_below_the_expected_offset_is_skipped(first, second, expected):
    box = inbox(next_offset=7)
    put(box, *first)
    put(box, *second)

    assert [offsets for offsets, _ in taken(box)] == expected


def test_a_gap_is_refused_with_both_offsets_and_the_way_out():
    box = inbox(next_offset=7)

    with pytest.raises(LaneBroken, match=r"partition 3: expected offset 7, got 9.*contiguous_inputs=false"):
        put(box, 9)
    assert not box


def test_a_gap_between_two_batches_is_refused_too():
    box = inbox()
    put(box, 0, 1)

    with pytest.raises(LaneBroken, match="expected offset 2, got 3"):
        put(box, 3)


def test_gaps_are_allowed_where_inputs_are_written_in_transactions():
    box = inbox(next_offset=7, contiguous=False)
    put(box, 9)
    put(box, 8, 9, 12)

    assert [offsets for offsets, _ in taken(box)] == [[9], [12]]


def test_without_a_position_the_first_batch_may_begin_anywhere():
    box = inbox(next_offset=None)
    put(box, 40)

    with pytest.raises(LaneBroken):
        put(box, 42)
