"""Reading a file of events: what is ready, what is refused and why, and what is told about it."""

import gzip
import io
import json
import threading
from pathlib import Path

import pytest
from click.testing import CliRunner
from rich.console import Console

from schemas.event import format_instant, parse_instant
from streams import clock
from streams.cli import main
from streams.errors import InputUnreadable
from streams.load import sending
from streams.settings import Settings

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
NOW = parse_instant("2026-06-12T00:00:00Z")  # soon after what the examples say
CONTRACT = Path(__file__).parents[2] / "schemas" / "examples"


def example(topic, name):
    return json.dumps(json.loads((CONTRACT / topic / "valid" / f"{name}.json").read_bytes())).encode()


LINES = {
    "outages": example("grid.outages.v1", "started"),
    "repairs": example("grid.repairs.v1", "created"),
    "complaints": example("grid.complaints.v1", "linked"),
    "voltage": example("grid.voltage-readings.v1", "frame"),
}


@pytest.fixture(autouse=True)
def _now(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def check(tmp_path):
    def checked(content, name="events.jsonl", settings=None, **options):
        file = tmp_path / name
        file.write_bytes(content)
        quiet = Console(file=io.StringIO())
        return sending.run(settings or Settings.load(), file, dry_run=True, console=quiet, **options)

    return checked


def told(report):
    out, complaints = io.StringIO(), io.StringIO()
    report.show(Console(file=out, width=100), Console(file=complaints, width=1000))
    return out.getvalue(), complaints.getvalue()


def test_a_family_is_known_by_its_id_also_where_others_are_linked(check):
    report = check(b"\n".join(LINES.values()))

    assert {family for family, _ in report.sent} == set(LINES)
    assert (report.exit_code, report.lines) == (0, 4)


def test_blank_lines_a_byte_order_mark_and_gzip_are_no_difference(check):
    content = b"\xef\xbb\xbf" + LINES["outages"] + b"\r\n\r\n  \n" + LINES["voltage"]

    assert check(content).sent == check(gzip.compress(content), name="events.dat").sent
    assert check(content).last_line == 4


def test_a_line_is_refused_with_its_number_field_and_reason(check, tmp_path):
    wrong = LINES["complaints"].replace(b'"css"', b'""')
    content = b"\n".join([LINES["outages"], wrong, b"{", b'{"x": 1}', b"17", LINES["repairs"]])

    report = check(content, rejects=tmp_path / "rejects")

    assert report.exit_code == 1
    assert report.sent.total() == 2
    assert report.refused == {
        ("invalid", "source"): 1,
        ("undecodable", ""): 2,
        ("unrecognised", ""): 1,
    }
    out, complaints = told(report)
    assert "line 2: invalid: source: String should have at least 1 character.\n" in complaints
    assert "line 4: unrecognised: No field identifies the family" in complaints
    assert "6 lines read: 2 with events, 4 refused. 2 events would be sent; nothing was." in out
    assert (tmp_path / "rejects").read_bytes().splitlines() == [wrong, b"{", b'{"x": 1}', b"17"]


def test_a_given_family_is_taken_at_its_word(check):
    report = check(LINES["outages"], family="complaints")

    assert report.refused == {("invalid", "event"): 1}


def test_what_the_workers_would_reject_is_refused_here(check):
    said = json.loads(LINES["outages"])
    frame = json.loads(LINES["voltage"]) | {"recorded_at": format_instant(NOW), "interval_seconds": 900}

    def at(event, field, instant):
        return json.dumps(event | {field: format_instant(instant)}).encode()

    content = b"\n".join(
        [
            at(said, "occurred_at", NOW - 3653 * 86_400),
            at(said, "occurred_at", NOW - 3653 * 86_400 - 1),
            at(said, "recorded_at", NOW + 300),
            at(said, "recorded_at", NOW + 301),
            at(frame, "start", NOW + 300 - 3 * 900),
            at(frame, "start", NOW + 301 - 3 * 900),
            at(frame, "start", NOW - 35 * 86_400 - 1),
        ]
    )
    report = check(content)

    assert report.refused == {("sealed_period", ""): 2, ("from_the_future", ""): 2}
    assert report.sent == {("outages", "started"): 2, ("voltage", "frame"): 1}
    _, complaints = told(report)
    assert "line 2: sealed_period: The workers would reject 'started', the event states 2016-" in complaints
    assert "older than GRIDPULSE_CASE_HORIZON_DAYS = 3653 allows." in complaints
    assert "older than GRIDPULSE_CORRECTION_HORIZON_DAYS = 35 allows." in complaints


def test_a_row_whose_old_half_is_refused_keeps_its_new_half(check, tmp_path):
    table = (EXAMPLES / "complaints.csv").read_text(encoding="utf-8").splitlines()
    row = table[1].replace("2026-06-03 09:12:00", "2016-01-01 08:00:00")

    report = check(
        "\n".join([table[0], row]).encode(),
        name="old.csv",
        mapping=EXAMPLES / "complaints.toml",
        rejects=tmp_path / "rejects",
    )

    assert report.refused == {("sealed_period", ""): 1}
    assert set(report.sent) == {("complaints", name) for name in ("contacted", "replied", "closed")}
    out, complaints = told(report)
    assert "'accepted', the event states 2016-01-01T00:00:00Z" in complaints
    assert "allows; the line's other events are sent." in complaints
    assert "1 refused (1 of them in part)" in out
    assert (tmp_path / "rejects").read_text(encoding="utf-8").splitlines()[-1] == row
    assert report.exit_code == 1


def test_only_the_first_refusals_are_shown_and_all_are_counted(check):
    report = check(b"17\n" * 1000)

    _, complaints = told(report)
    assert report.refused.total() == 1000
    assert len(complaints.splitlines()) == 21
    assert "and 980 more; --rejects FILE keeps them all." in complaints


@pytest.mark.parametrize(
    ("content", "name", "options", "sentence"),
    [
        (b"[{}]", "a.json", {}, "is a JSON array; one event a line is wanted"),
        (b"a,b", "a.csv", {}, "is a table: --mapping FILE has to define"),
        (b"a,b", "a.csv.gz", {}, "is a table: --mapping FILE has to define"),
        (b"\x1f\x8bno", "a.jsonl", {}, "is damaged or cut off"),
        (b"", "a.csv", {"mapping": EXAMPLES / "voltage.toml"}, "is empty: a table begins with the names"),
        (b"meter,meter", "a.csv", {"mapping": EXAMPLES / "voltage.toml"}, "more than one column meter: give"),
        (b"metre", "a.csv", {"mapping": EXAMPLES / "voltage.toml"}, "no column 'meter' (did you mean metre?)"),
        (b"", "a.csv", {"mapping": EXAMPLES / "voltage.toml", "family": "outages"}, "is a mapping for voltage, not"),
    ],
)
def test_a_file_that_is_wrong_as_a_whole_is_a_sentence(check, content, name, options, sentence):
    with pytest.raises(InputUnreadable) as error:
        check(content, name=name, **options)

    assert sentence in str(error.value)


@pytest.mark.parametrize(("name", "events"), [("complaints", 7), ("voltage", 4), ("profiles", 2)])
def test_the_examples_are_sent_whole(check, name, events):
    table = (EXAMPLES / f"{name}.csv").read_bytes()

    report = check(table, name=f"{name}.csv", mapping=EXAMPLES / f"{name}.toml")

    assert told(report)[1] == ""
    assert report.sent.total() == events


def test_a_row_that_is_refused_is_kept_with_the_header_and_sends_none_of_its_events(check, tmp_path):
    header, first, *rest = (EXAMPLES / "complaints.csv").read_text("utf-8").splitlines()
    bad = first.replace("2026-06-08 09:00:00", "8 June")
    short = '"CP-9",投诉'
    content = "\n".join([header, bad, short, *rest]).encode()

    report = check(content, name="c.csv", mapping=EXAMPLES / "complaints.toml", rejects=tmp_path / "rejects.csv")

    assert report.refused == {("unreadable", "occurred_at"): 1, ("undecodable", ""): 1}
    assert report.sent.total() == 3
    assert "line 2: unreadable: occurred_at: '8 June' (column '办结时间') is no time of" in told(report)[1]
    assert (tmp_path / "rejects.csv").read_text("utf-8").splitlines() == [header, bad, short]


def test_a_table_may_be_in_another_encoding_and_a_row_may_fail_in_it(check, tmp_path):
    mapping = tmp_path / "gb.toml"
    mapping.write_text((EXAMPLES / "complaints.toml").read_text("utf-8") + '\n[csv]\nencoding = "gb18030"\n', "utf-8")
    table = (EXAMPLES / "complaints.csv").read_text("utf-8").encode("gb18030")

    assert check(table, name="c.csv", mapping=mapping).sent.total() == 7
    broken = check(table.replace(b"CP-2026-0603-0004", b"\xff\xff"), name="c.csv", mapping=mapping)
    assert broken.refused == {("undecodable", ""): 1}
    assert "line 3: undecodable: The line is not text in gb18030." in told(broken)[1]


def test_a_quoted_line_break_does_not_move_the_line_numbers(check):
    header = "meter,transformer,phase,time,volts,status\n"
    rows = '"VP\n1",TA-1,1,2026-06-03T08:00:00,1,ok\nVP-2,TA-1,1,2026-06-03T08:00:00,x,ok\n'

    report = check((header + rows).encode(), name="v.csv", mapping=EXAMPLES / "voltage.toml")

    assert "line 4: " in told(report)[1]


def test_a_stop_is_told_and_has_the_shell_s_exit_code(check):
    stop = threading.Event()
    stop.set()

    report = check(LINES["outages"], stop=stop)

    assert (report.exit_code, report.sent.total()) == (130, 0)
    assert "Stopped after line 0" in told(report)[0]


def test_the_refused_lines_never_overwrite_what_is_read(check, tmp_path):
    with pytest.raises(InputUnreadable, match="which is being read"):
        check(LINES["outages"], rejects=tmp_path / "events.jsonl")

    assert (tmp_path / "events.jsonl").read_bytes() == LINES["outages"]


def test_a_replay_s_topics_are_not_for_it(check):
    with pytest.raises(InputUnreadable, match="is for `gridpulse replay`"):
        check(LINES["outages"], settings=Settings.load(clock="marks"))


def test_the_command_needs_no_broker_to_check_and_says_so_by_its_exit_code(tmp_path):
    file = tmp_path / "events.jsonl"
    file.write_bytes(LINES["outages"] + b"\n17\n")

    result = CliRunner().invoke(main, ["send", "--dry-run", str(file)], env={"GRIDPULSE_BROKER": "127.0.0.1:1"})

    assert result.exit_code == 1
    assert "line 2: undecodable: " in result.stderr
    assert "2 lines read: 1 with events, 1 refused. 1 events would be sent; nothing was.\n" in result.stdout
