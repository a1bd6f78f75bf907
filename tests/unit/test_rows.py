"""Rows of gridpulse's own topics that somebody else wrote, or that are damaged, are told from its own."""

from types import SimpleNamespace

import orjson
import pytest

from schemas import KpiRecord
from streams import topics
from streams.lane.position import Position, TopicPosition
from streams.lane.recovery import Table
from streams.readers.guard import KEYS_MAX, Guard, shown
from streams.readers.rows import CHECKS
from streams.web.state import Board, letter_reason
from tests.support.web_board import kpi, new_board, outage, status

HELLO = (b"hello", b"hello")
KPI = kpi("customers_out", "now", 3, 1)
KPI_DAY = kpi("saidi", "2026-06-03", 30, 7, "kind=all", scope="region=north,area_type=urban", basis="IEEE 1366")
CASE = outage("O-1", 10)
STATUS = status()
PARTIAL = (b"all|2026-06-03", b'{"v":1,"as_of":9,"measures":{"m|1":3,"n":[1,-2]}}')
POSITION = (b"position", Position(4, "wall", {"t": TopicPosition()}).encode())
OUTAGE = (b"outage/O-1", b'\x02{"facts":1}')
GOOD = [
    (topics.KPIS, (KPI.key, KPI.value)),
    (topics.KPIS, (KPI_DAY.key, KPI_DAY.value)),
    (topics.KPIS, (KPI.key, None)),
    (topics.PARTIALS, (STATUS.key, STATUS.value)),
    (topics.PARTIALS, PARTIAL),
    (topics.PARTIALS, (b"crew=7|now", None)),
    (topics.CASES, (CASE.key, CASE.value)),
    (topics.CASES, (b"point/A/P", None)),
    (topics.LEDGER, POSITION),
    (topics.LEDGER, OUTAGE),
    (topics.LEDGER, (b"announced/outage/O-1", b"\x01{}")),
    (topics.LEDGER, (b"defect/outage/O-1", b"\x01")),
    (topics.LEDGER, (b"outage/a/b/c", b"\x02{}")),
    (topics.LEDGER, (b"outage/O-1", b"\x7f"[:0] + b"\x03{}")),  # of a newer version: refused with a sentence, later
    (topics.VOLTAGE_LEDGER, POSITION),
    (topics.VOLTAGE_LEDGER, (b"point/A/P/20000", b"\x01o")),
    (topics.VOLTAGE_LEDGER, (b"point/A/P/-1", b"\x01s")),
    (topics.VOLTAGE_LEDGER, (b"point/A/P/about", b'\x01{"nominal":null,"statistics":null}')),
    (topics.VOLTAGE_LEDGER, (b"book/tags/0", b"\x01[1]")),
    (topics.VOLTAGE_LEDGER, (b"announced/point/A/P", b"\x01{}")),
    (topics.DEAD_LETTERS, (b"t/0/1", b"\xff")),
]


def changed(record, **changes):
    return record.key, orjson.dumps(orjson.loads(record.value) | changes)


FOREIGN = [
    *(
        (topic, row)
        for topic in CHECKS
        if topic != topics.DEAD_LETTERS
        for row in (HELLO, (b"\xff\xfe", b"{}"), (b"", b"{}"))
    ),
    *(
        (topic, (row[0], row[1][: len(row[1]) // 2]))
        for topic, row in GOOD
        if row[1] and len(row[1]) > 3 and topic != topics.DEAD_LETTERS
    ),
    *(
        (topic, (row[0], value))
        for topic, row in GOOD
        if topic != topics.DEAD_LETTERS and row[0] != b"defect/outage/O-1"
        for value in (b"", b"hello", b"null", b"[]", b"1", b"\xff")
    ),
    (topics.KPIS, changed(KPI, numerator="three")),
    (topics.KPIS, changed(KPI, numerator=2**63)),
    (topics.KPIS, changed(KPI, dims=[])),
    (topics.KPIS, changed(KPI, as_of=17)),
    (topics.KPIS, changed(KPI, period="2026-06-03")),
    (topics.KPIS, changed(KPI, scope={"region": "north"})),
    (topics.KPIS, (b"customers_out|all|kind=fault|2026-13-45", None)),
    (topics.KPIS, (b"customers_out|all|kind=fault|9999-12-31", None)),
    (topics.KPIS, (b"customers_out|planet=earth|kind=fault|now", None)),
    (topics.KPIS, (b"saidi|all|now", KPI.value)),
    (topics.PARTIALS, changed(STATUS, as_of=None)),
    (topics.PARTIALS, changed(STATUS, processed={"t": 1})),
    (topics.PARTIALS, changed(STATUS, v=2)),
    (topics.PARTIALS, (b"status", None)),
    (topics.PARTIALS, (b"all|now", b'{"v":1,"as_of":9,"measures":{"m":1.5}}')),
    (topics.PARTIALS, (b"all|now", b'{"v":1,"as_of":9,"measures":{"m":[1]}}')),
    (topics.PARTIALS, (b"all|now", b'{"v":1,"as_of":9,"measures":{"m":1e30}}')),
    (topics.PARTIALS, (b"all|2026-W99", b'{"v":1,"as_of":9,"measures":{"m":1}}')),
    (topics.CASES, changed(CASE, kind="order")),
    (topics.CASES, changed(CASE, open="yes")),
    (topics.CASES, changed(CASE, as_of="yesterday")),
    (topics.CASES, changed(CASE, contributes=[{"day": "now"}])),
    (topics.CASES, (b"outage/", CASE.value)),
    (topics.LEDGER, (b"position", POSITION[1][1:])),
    (topics.LEDGER, (b"position", b"\x02{}")),
    (topics.LEDGER, (b"outages/O-1", OUTAGE[1])),
    (topics.LEDGER, (b"outage/O-1", b'{"facts":1}')),
    (topics.VOLTAGE_LEDGER, (b"point/A/P", b"\x01o")),
    (topics.VOLTAGE_LEDGER, (b"point/A/P/day", b"\x01o")),
    (topics.VOLTAGE_LEDGER, (b"book/pages/0", b"\x01[1]")),
    (topics.VOLTAGE_LEDGER, (b"book/tags/x", b"\x01[1]")),
]


@pytest.mark.parametrize(("topic", "row"), GOOD)
def test_rows_of_ours_pass(topic, row):
    assert CHECKS[topic](*row) is None


@pytest.mark.parametrize(("topic", "row"), FOREIGN)
def test_foreign_and_damaged_rows_do_not(topic, row):
    why = CHECKS[topic](*row)
    assert why
    assert len(why) <= 200


def test_a_word_that_a_newer_version_added_does_not_make_a_summary_foreign():
    clock = {
        "clock": "L99", "cycle": 0, "status": "postponed", "open": True, "level_percent": None, "severity": "critical",
        "started_at": "2026-06-03T04:00:00Z", "deadline_at": None, "ended_at": None, "provisional": False,
    }  # fmt: skip
    assert CHECKS[topics.CASES](*changed(CASE, clocks=[clock], a_new_field=1)) is None
    assert CHECKS[topics.KPIS](*changed(KPI, a_new_field={"x": 1})) is None
    assert CHECKS[topics.PARTIALS](*changed(STATUS, a_new_field=[])) is None
    assert KpiRecord.model_validate_json(KPI.value)


class Reader:
    """What a guard hands on."""

    def __init__(self):
        self.taken = []
        self.guard = Guard("t.grid.kpis.v1", CHECKS[topics.KPIS], lambda _, records: self.taken.extend(records))

    def read(self, key, value, offset=0):
        self.guard(1, [SimpleNamespace(key=key, value=value, offset=offset)])


def test_a_guard_passes_over_what_is_foreign_and_says_so_once(caplog):
    reader = Reader()
    reader.read(KPI.key, KPI.value)
    reader.read(KPI.key, b"hello" * 100, 7)
    reader.read(KPI.key, b"hello", 8)
    reader.read(b"\xff" * 5000, b"{}", 9)

    assert [record.value for record in reader.taken] == [KPI.value]
    assert reader.guard.set_aside == 2
    assert "t.grid.kpis.v1 partition 1 offset 7: the row b'customers_out|all|kind=fault|now'" in caplog.text
    assert "offset 8" not in caplog.text
    assert len(max(caplog.messages, key=len)) < 1000

    reader.read(KPI.key, KPI.value)
    reader.read(b"\xff" * 5000, None)

    assert reader.guard.set_aside == 0
    assert len(reader.taken) == 2


def test_a_guard_keeps_no_more_keys_than_it_may():
    reader = Reader()
    for number in range(KEYS_MAX + 10):
        reader.read(b"%d" % number, b"x")

    assert reader.guard.set_aside == KEYS_MAX + 10
    reader.read(b"%d" % KEYS_MAX, None)
    assert reader.guard.set_aside == KEYS_MAX + 10, "it is not known which one was removed"
    reader.read(b"0", None)
    assert reader.guard.set_aside == KEYS_MAX + 9


def test_a_table_keeps_the_last_row_that_is_ours():
    table = Table(CHECKS[topics.LEDGER])
    table.take(*OUTAGE)
    table.take(b"outage/O-1", b"\x02[]")
    table.take(*HELLO)
    table.take(b"outage/O-2", b"\x02{}")
    table.take(b"outage/O-2", b"hello")
    table.take(b"outage/O-2", b'\x02{"again":1}')

    assert table == {b"outage/O-1": OUTAGE[1], b"outage/O-2": b'\x02{"again":1}'}
    assert table.set_aside.keys() == {b"outage/O-1", b"hello"}
    table.take(b"hello", None)
    assert table.set_aside.keys() == {b"outage/O-1"}


@pytest.mark.parametrize(
    ("value", "reason"),
    [(b"invalid", "invalid"), (b"\xff", "other"), (b"x" * 10_000, "other"), (None, "other"), (b"", "other"),
     (b"finding:area_unknown", "finding:area_unknown"), (b"finding:hello", "other"), (b"defect", "defect")],
)  # fmt: skip
def test_a_letter_has_a_reason_that_gridpulse_gives_or_other(value, reason):
    assert letter_reason([("__connect.errors.exception.class.name", value)]) == reason


def test_letters_of_any_reason_are_counted_under_bounded_labels():
    board: Board = new_board()
    letters = [
        SimpleNamespace(key=b"%d" % n, value=b"", headers=[("__connect.errors.exception.class.name", b"\xff%d" % n)])
        for n in range(100)
    ]
    before = dict(board.dead_letters)
    board.apply_dead_letters(0, letters)
    assert board.dead_letters["other"] - before.get("other", 0) == 100
    board.apply_dead_letters(0, [SimpleNamespace(key=each.key, value=None, headers=()) for each in letters])
    assert board.dead_letters["other"] == before.get("other", 0)


def test_a_key_is_shown_bounded():
    assert shown(b"\xffhello") == r"b'\xffhello'"
    assert shown(b"x" * 150).endswith("and 50 bytes more")
    assert shown(None) == "b''"
