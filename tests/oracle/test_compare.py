"""What counts as a difference: all keys of either side, growth at a record's own as_of, tombstones without one."""

from datetime import UTC, datetime

import orjson
import pytest
from click.testing import CliRunner

from streams.cli import main
from streams.errors import InputUnreadable
from streams.kpis import KPIS
from streams.oracle import verify
from streams.oracle.compare import compare
from streams.oracle.engine import Cell, kpi_files
from streams.oracle.records import Record, from_files, seen_at
from streams.oracle.table import Table
from streams.settings import Settings

KEY = "saidi|all|kind=all|2026-06-03"
T = 1_780_459_200


def record(as_of, **changes):
    value = {
        "kpi": "saidi",
        "period": "2026-06-03",
        "numerator": 600,
        "denominator": 60,
        "value": "10.000000",
        "status": "open",
        "definition_version": 1,
        "complete": True,
        "revision": 1,
        "as_of": datetime.fromtimestamp(as_of, UTC).isoformat(),
    }
    return value | changes


def cell(**changes):
    fixed = {
        "scope": "all",
        "dims": "kind=all",
        "period": "2026-06-03",
        "case_kind": "outage",
        "numerator": 600,
        "denominator": 60,
        "rate": 0,
        "present": True,
        "known": True,
        "expected": True,
        "final": False,
        "definition_version": 1,
    }
    return Cell(**(fixed | changes))


def fields(cells, told, at=T):
    return [difference.fields for difference in compare(cells, told, at, 60, complete=True).differences]


def test_every_kpi_is_written_twice():
    assert kpi_files().keys() == {kpi.name for kpi in KPIS}


def test_equal_is_no_difference():
    assert fields({KEY: cell()}, {KEY: [record(T - 1000)]}) == []


@pytest.mark.parametrize(
    ("name", "ours", "theirs"),
    [
        ("numerator", {"numerator": 601}, {"value": "10.016667"}),
        ("status", {"final": True}, {}),
        ("definition_version", {"definition_version": 2}, {}),
        ("complete", {}, {"complete": False}),
        ("value", {}, {"value": "10.000001"}),
        ("key", {}, {"kpi": "saifi"}),
    ],
)
def test_each_field_is_compared(name, ours, theirs):
    assert [list(found) for found in fields({KEY: cell(**ours)}, {KEY: [record(T, **theirs)]})] == [[name]]


def test_undefined_is_null_on_both_sides():
    undefined = cell(numerator=None, denominator=None)
    nothing = dict.fromkeys(("numerator", "denominator", "value"))
    assert fields({KEY: undefined}, {KEY: [record(T, **nothing)]}) == []
    assert fields({KEY: undefined}, {KEY: [record(T, **(nothing | {"value": "0.000000"}))]}) != []


def test_growth_is_compared_where_it_was_told_and_has_to_be_told_in_time():
    growing = cell(numerator=900, rate=10)
    assert fields({KEY: growing}, {KEY: [record(T - 30)]}) == []
    assert fields({KEY: growing}, {KEY: [record(T - 29)]}) != []
    late = record(T - 60, numerator=300, value="5.000000")
    assert [list(found) for found in fields({KEY: growing}, {KEY: [late]})] == [["as_of"]]


def test_a_key_of_one_side_only_is_a_difference():
    assert fields({KEY: cell()}, {}) != []
    assert fields({}, {KEY: [record(T)]}) != []
    assert fields({KEY: cell(present=False, expected=False, known=False)}, {KEY: [record(T)]}) != []


def test_a_known_scope_may_keep_a_past_without_content():
    empty = cell(present=False, expected=False)
    assert compare({KEY: empty}, {}, T, 60, complete=True).compared == 0
    assert fields({KEY: empty}, {KEY: [record(T)]}) == []
    assert fields({KEY: empty}, {KEY: [record(T, numerator=1)]}) != []


def published(*values):
    return [
        Record("grid.kpis.v1", 0, n, 0, key.encode(), None if value is None else orjson.dumps(value))
        for n, (key, value) in enumerate(values)
    ]


def test_a_tombstone_lies_between_the_records_around_it():
    other = KEY.replace("saidi", "saifi")
    table = Table(published((KEY, record(100)), (KEY, None), (other, record(300)), (KEY, record(400))))
    assert [says and says["as_of"][-14:-6] for says in table.at(100)[KEY]] == ["00:01:40", None]
    assert [says and says["as_of"][-14:-6] for says in table.at(200)[KEY]] == ["00:01:40", None]
    assert KEY not in table.at(300)
    assert [says["as_of"][-14:-6] for says in table.at(400)[KEY]] == ["00:06:40"]


@pytest.mark.parametrize("seconds", [50, 900])  # the voltage role is behind, or ahead
def test_a_tombstone_lies_between_the_records_of_its_own_role(seconds):
    ours, theirs = KEY.replace("saidi", "saifi"), KEY.replace("saidi", "voltage_compliance")
    others = [(theirs, record(seconds + n)) for n in range(2)]
    before, after = (ours, record(200)), (ours, record(300))
    table = Table(published((KEY, record(100)), before, others[0], (KEY, None), others[1], after))
    assert [table.at(at)[KEY][0] is not None for at in (100, 200)] == [True, True]
    assert [table.at(at)[KEY][1:] for at in (200, 250)] == [[None], [None]]
    assert KEY not in table.at(300)


def test_a_record_counts_from_the_next_mark_of_its_partition():
    def line(offset, mark=None, partition=0):
        return Record("grid.outages.v1", partition, offset, 0, None, None, mark)

    records = [line(0), line(1, 10), line(2), line(3, 5), line(4), line(5, 20), line(6), line(0, partition=1)]
    found = {(record.partition, record.offset): at for record, at in seen_at(records, marks=True)}
    assert found == {(0, 0): 10, (0, 2): 20, (0, 4): 20, (0, 6): None, (1, 0): None}


@pytest.mark.parametrize(
    "line", ["no JSON", "[]", '{"topic": "grid.other.v1", "timestamp_ms": 1}', '{"topic": "grid.outages.v1"}']
)
def test_a_line_that_is_no_record_is_named(tmp_path, line):
    file = tmp_path / "events.jsonl"
    file.write_text(f"\n{line}\n")
    with pytest.raises(InputUnreadable, match=r"line 2 is no record: .*\. A line is"):
        list(from_files([file]))


@pytest.mark.parametrize("field", ["mark", "partition", "offset", "timestamp_ms"])
@pytest.mark.parametrize("said", ["x", [1], {"a": 1}, 10**19])
def test_a_number_that_is_none_is_named_with_its_line(tmp_path, field, said):
    file = tmp_path / "records.jsonl"
    file.write_bytes(orjson.dumps({"topic": "grid.outages.v1", "timestamp_ms": 1, field: said}))

    with pytest.raises(InputUnreadable, match="line 1 is no record"):
        list(from_files([file]))


def test_an_unknown_kpi_and_an_instant_without_a_mark_are_errors(tmp_path):
    settings, file = Settings(clock="marks"), tmp_path / "events.jsonl"
    mark = {"topic": "grid.outages.v1", "timestamp_ms": 1000, "mark": 1}
    kpi = {"topic": "grid.kpis.v1", "key": KEY, "timestamp_ms": 1, "value": record(1)}
    file.write_bytes(b"\n".join(map(orjson.dumps, (mark, kpi))))
    with pytest.raises(InputUnreadable, match="no SQL for saidy"):
        verify.run(settings, verify.Question([file], kpis=["saidy"]))
    with pytest.raises(InputUnreadable, match=r"no mark that the service has reached\. The last one is 1"):
        verify.run(settings, verify.Question([file], at=[7]))


@pytest.fixture
def table_of_cases(tmp_path):
    """A file with a mark and what a worker of the role cases says of customers out; no worker of voltage has run."""
    mark = {"topic": "grid.outages.v1", "timestamp_ms": T * 1000, "mark": T}
    said = {
        "kpi": "customers_out",
        "period": "now",
        "denominator": 1,
        "value": "0.000000",
        "numerator": 0,
        "definition_version": 2,
    }
    keys = [
        f"customers_out|all|kind={kind}|now"
        for kind in ("fault", "planned", "load_shedding", "unknown", "other", "all")
    ]
    records = [{"topic": "grid.kpis.v1", "key": key, "timestamp_ms": 1, "value": record(T, **said)} for key in keys]

    def write(count):
        file = tmp_path / "events.jsonl"
        file.write_bytes(b"\n".join(map(orjson.dumps, [mark, *records[:count]])))
        return file

    return write


def test_a_file_may_have_the_kpi_table_too(table_of_cases):
    settings, kpis = Settings(clock="marks"), ["customers_out"]
    found = verify.run(settings, verify.Question([table_of_cases(6)], kpis=kpis))
    assert (found.comparisons[0].compared, found.first) == (6, None)
    found = verify.run(settings, verify.Question([table_of_cases(5)], kpis=kpis))
    assert found.first is not None
    assert found.first.key == "customers_out|all|kind=all|now"


def test_kpis_of_a_role_that_never_published_are_named_and_not_compared(table_of_cases):
    found = verify.run(Settings(clock="marks"), verify.Question([table_of_cases(6)]))

    assert found.left_out == [name for name in kpi_files() if name.startswith("voltage_")]
    assert not [d.key for each in found.comparisons for d in each.differences if d.key.startswith("voltage_")]
    with pytest.raises(InputUnreadable, match="no worker of the role voltage has published yet"):
        verify.run(Settings(clock="marks"), verify.Question([table_of_cases(6)], kpis=["voltage_coverage"]))


@pytest.mark.parametrize(
    ("count", "options", "code"),
    [
        (6, ["--kpi=customers_out"], 0),
        (5, ["--kpi=customers_out"], 1),
        (6, ["--kpi=voltage_coverage"], 2),
        (6, ["--at=7"], 2),
        (6, ["--at=tomorrow"], 2),
    ],
)
def test_exit_codes_tell_a_difference_from_what_cannot_be_compared(table_of_cases, count, options, code):
    command = ["verify", "--events", str(table_of_cases(count)), *options]

    result = CliRunner().invoke(main, command, env={"GRIDPULSE_CLOCK": "marks"})

    assert result.exit_code == code, result.output
