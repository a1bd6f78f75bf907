"""The hash over a ledger's rows: any order, any repetition, rows that come and go, and what is missing shows."""

from hypothesis import given, settings
from hypothesis import strategies as st

from streams.lane.row_sum import LEAST_SLOTS, RowSum

KEYS = st.integers(0, 30).map(lambda n: b"case/%d" % n)
WRITES = st.lists(st.tuples(KEYS, st.none() | st.binary(max_size=3)), max_size=60)


def said(rows):
    return rows.count, rows.total


@given(WRITES)
@settings(max_examples=300, deadline=None)
def test_after_any_writes_it_is_that_of_the_rows_there_are(writes):
    kept, table = RowSum(), {}
    for key, value in writes:
        kept.put(key, value)
        table.pop(key, None) if value is None else table.__setitem__(key, value)

    assert said(kept) == said(RowSum(table)) == said(RowSum(dict(reversed(table.items()))))
    assert kept.count == len(table)


@given(st.dictionaries(KEYS, st.binary(max_size=3), min_size=1), st.data())
@settings(max_examples=200, deadline=None)
def test_what_is_missing_added_or_changed_shows(table, data):
    key = data.draw(st.sampled_from(sorted(table)))
    assert said(RowSum(table)) != said(RowSum({other: value for other, value in table.items() if other != key}))
    assert said(RowSum(table)) != said(RowSum(table | {key: table[key] + b"x"}))
    assert said(RowSum(table)) != said(RowSum(table | {b"hello": b""}))


def test_values_of_two_rows_that_change_places_show():
    assert said(RowSum({b"a": b"1", b"b": b"2"})) != said(RowSum({b"a": b"2", b"b": b"1"}))
    assert said(RowSum({b"a": b"b1"})) != said(RowSum({b"ab": b"1"}))


def test_many_rows_that_come_and_go_need_no_more_room_than_those_there_are():
    rows = RowSum()
    for n in range(20 * LEAST_SLOTS):
        rows.put(b"%d" % n, b"x")
        if n >= 100:
            rows.put(b"%d" % (n - 100), None)

    assert said(rows) == said(RowSum({b"%d" % n: b"x" for n in range(20 * LEAST_SLOTS - 100, 20 * LEAST_SLOTS)}))
    assert len(rows._keys) == LEAST_SLOTS
