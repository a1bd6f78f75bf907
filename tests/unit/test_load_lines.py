"""JSON Lines as they come: what is an event is sent as it is, what is not is named; sizes are bounded."""

import gzip
import io
import json
import subprocess
import sys

import pytest
from rich.console import Console

from schemas.event import parse_instant
from streams import clock
from streams.errors import InputUnreadable
from streams.load import documents, sending
from streams.load.physical import LINE_BYTES_MAX, physical_lines
from streams.settings import Settings

STARTED = {
    "event_type": "started",
    "outage_id": "O-1",
    "kind": "fault",
    "occurred_at": "2026-06-11T08:00:00+08:00",
    "recorded_at": "2026-06-11T08:00:30+08:00",
    "source": "oms",
    "event_id": "e1",
    "revision": 1,
    "areas": [{"area": "TA-1", "customers": 86}],
}
EVENT = json.dumps(STARTED)


@pytest.fixture(autouse=True)
def _now(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: parse_instant("2026-06-12T00:00:00Z"))


@pytest.fixture
def check(tmp_path):
    def checked(content, **options):
        file = tmp_path / "events.jsonl"
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return sending.run(Settings.load(), file, dry_run=True, console=Console(file=io.StringIO()), **options)

    return checked


@pytest.mark.parametrize(
    ("line", "reason", "sentence"),
    [
        ('{"outage_id": "O-9",' + EVENT[1:], "duplicate_key", "The key 'outage_id' occurs twice in one object"),
        (
            EVENT.replace('"customers"', '"customers": 1, "customers"'),
            "duplicate_key",
            "The key 'customers' occurs twice",
        ),
        (EVENT + EVENT, "undecodable", "something after its first JSON value; one event a line is wanted (jq -c .)"),
        (EVENT.replace("86", "NaN"), "undecodable", "The line has NaN, which is no number of JSON"),
        (EVENT.replace("86", "-Infinity"), "undecodable", "The line has -Infinity, which is no number"),
        (EVENT.replace("86", "1e999"), "undecodable", "The line has 1e999, which is larger than programs read"),
        (EVENT.replace("86", "9" * 400), "invalid", "less than or equal to 10000000"),
        (EVENT.replace("86", "9" * 9000), "undecodable", "The line has an integer of thousands of digits"),
        (EVENT.replace("86", "[" * 5000 + "]" * 5000), "undecodable", "The line is nested too deeply"),
        (EVENT.replace("O-1", "\\ud800"), "undecodable", "hex escape"),
        (EVENT[:-9], "undecodable", "The line is no JSON: "),
        ("17", "undecodable", "The line is no JSON object"),
        (
            json.dumps({"schema": {}, "payload": STARTED}),
            "unrecognised",
            "is an envelope of Kafka Connect; one event a",
        ),
        (
            json.dumps({"schema": {}, "payload": {"before": None, "after": STARTED, "op": "c"}}),
            "unrecognised",
            "is a change event of Debezium in an envelope of Kafka Connect; one event a line",
        ),
        (json.dumps({"before": None, "after": STARTED, "op": "c"}), "unrecognised", "jq -c '.after' makes that"),
        (
            json.dumps({"specversion": "1.0", "type": "started", "source": "/oms", "data": STARTED}),
            "unrecognised",
            "is a CloudEvent; one event a line is wanted (jq -c '.data' makes that)",
        ),
        (json.dumps({"type": "FeatureCollection", "features": []}), "unrecognised", "is a GeoJSON collection"),
        (
            json.dumps({"records": [STARTED]}),
            "unrecognised",
            "is a list of records; one event a line is wanted (jq -c '.records[]'",
        ),
    ],
)
@pytest.mark.parametrize("family", [None, "outages"])
def test_a_line_that_is_no_event_is_named_and_the_next_ones_are_sent(check, line, reason, sentence, family):
    report = check(line + "\n" + EVENT, family=family)

    assert sentence in report.shown[0]
    assert {place for place, _ in report.refused} == {reason}
    assert (report.sent.total(), report.lines) == (1, 2)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (json.dumps([STARTED], indent=1), "is a JSON array; one event a line is wanted (jq -c '.[]' makes that)"),
        ("\ufeff  [", "is a JSON array"),
        (json.dumps(STARTED, indent=2), "is JSON over several lines; one event a line is wanted (jq -c . makes that)"),
        ('{"type": "FeatureCollection",\r\n"features": []}', "is JSON over several lines"),
        (EVENT.encode("utf-16"), "is text in UTF-16, and JSON Lines are UTF-8 (iconv -f UTF-16 -t UTF-8 makes that)"),
        (EVENT.encode("utf-16-be"), "is text in UTF-16"),
        (gzip.compress(gzip.compress(EVENT.encode(), mtime=0), mtime=0), "is packed with gzip twice"),
    ],
)
def test_a_file_that_is_no_json_lines_is_one_sentence(check, content, sentence):
    with pytest.raises(InputUnreadable) as error:
        check(content)

    assert sentence in str(error.value)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_separators_of_unicode_do_not_end_a_line(check, end):
    said = EVENT.replace('"oms"', '"o\u2028m\u0085s"')

    assert check(said + end + end + said).lines == 3


def test_the_events_of_an_unpacked_gzip_come_from_all_its_members(check):
    members = gzip.compress(EVENT.encode() + b"\n" + EVENT[:9].encode()) + gzip.compress(EVENT[9:].encode())

    assert check(members).sent.total() == 2


@pytest.mark.parametrize(("cut", "junk"), [(20, b""), (0, b"junk")])
def test_of_a_damaged_gzip_the_report_says_what_was_read(check, cut, junk):
    packed = gzip.compress(b"".join(EVENT.replace("O-1", f"O-{n * 7919}").encode() + b"\n" for n in range(4000)))

    report = check(packed[: len(packed) - cut] + junk)

    assert report.exit_code == 1
    assert "is damaged or cut off" in report.aborted
    assert report.sent.total() == report.lines > 3000
    assert report.lines == 4000 or cut


def test_a_line_above_the_limit_is_kept_whole_in_its_place_and_the_next_ones_are_sent(check, tmp_path):
    long = b'{"x": "' + b"a" * (3 * LINE_BYTES_MAX) + b'"}\r\n'
    content = b"17\n" + long + b"18\n" + EVENT.encode() + b"\n" + long[:-2]

    report = check(content, rejects=tmp_path / "rejects")

    assert (report.sent.total(), report.refused) == (1, {("undecodable", ""): 2, ("too_large", ""): 2})
    assert "line 2: too_large: The line is longer than 1 MiB." in report.shown
    assert (tmp_path / "rejects").read_bytes() == b"17\n" + long + b"18\n" + long[:-2] + b"\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
def test_lines_are_the_same_however_the_file_is_cut_into_chunks(encoding):
    text = "a\r\n\r\r\nb\u0a0d\u0d0a\u000a\n\u0d00c\r\nlast"
    raw = text.encode(encoding)
    whole = [line.raw for line in physical_lines([raw], encoding, len)]

    assert b"".join(whole) == raw
    assert [line.decode(encoding) for line in whole] == text.splitlines(keepends=True)
    for size in range(1, 9):
        chunks = [raw[at : at + size] for at in range(0, len(raw), size)]
        assert [line.raw for line in physical_lines(chunks, encoding, len)] == whole


@pytest.mark.parametrize("size", [LINE_BYTES_MAX, LINE_BYTES_MAX + 1])
def test_the_limit_of_a_line_is_exact(check, size):
    report = check(b"1" * (size - 1) + b"\n" + EVENT.encode())

    assert ("too_large", "") in report.refused or size == LINE_BYTES_MAX
    assert report.sent.total() == 1


def test_an_event_that_no_broker_takes_is_refused_and_the_next_ones_are_sent(check):
    large = json.dumps(STARTED | {"photo": "a" * 1_000_000})

    report = check(large + "\n" + EVENT)

    assert (report.sent.total(), report.refused) == (1, {("too_large", ""): 1})


def test_a_small_file_that_unpacks_without_end_is_refused(check):
    bomb = gzip.compress(b"0" * 1_000_000) * 100

    report = check(gzip.compress(EVENT.encode() + b"\n") + bomb)

    assert "unpacks to more than 200 times its size" in report.aborted
    assert (report.exit_code, report.sent.total()) == (1, 1)


READ_IN_LITTLE_MEMORY = """
import io, resource, sys
from pathlib import Path
from rich.console import Console
from streams.load import sending
from streams.settings import Settings
pages = int(Path("/proc/self/statm").read_text().split()[0])
limit = pages * resource.getpagesize() + 64 * 1024 * 1024
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
report = sending.run(Settings.load(), Path(sys.argv[1]), dry_run=True, console=Console(file=io.StringIO()))
print(report.lines, dict(report.refused), report.aborted)
"""


def in_little_memory(file):
    return subprocess.check_output([sys.executable, "-c", READ_IN_LITTLE_MEMORY, str(file)], text=True)


def test_a_line_of_hundreds_of_megabytes_takes_no_more_memory(tmp_path):
    file = tmp_path / "one.jsonl"
    with file.open("wb") as written:
        written.truncate(150_000_000)  # NULs; a sparse file takes no room

    assert in_little_memory(file) == "1 {('too_large', ''): 1} \n"


def test_a_gzip_of_hundreds_of_megabytes_takes_no_more_memory(tmp_path):
    file = tmp_path / "bomb.jsonl.gz"
    file.write_bytes(gzip.compress(b"a" * 1_000_000) * 150)

    assert "unpacks to more than" in in_little_memory(file)


def test_keys_are_compared_in_each_object_by_itself():
    assert documents.object_of(b'{"a": {"b": 1}, "c": [{"b": 1}, {"b": 2}]}')
    with pytest.raises(documents.NotAnEvent, match="'b' occurs twice"):
        documents.object_of(b'{"a": [{"b": 1, "\\u0062": 2}]}')
