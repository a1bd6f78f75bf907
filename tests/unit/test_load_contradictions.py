"""What the lines of one file say against each other is refused: the ledger would keep the last of them in silence."""

import io
import json

import pytest
from rich.console import Console

from schemas.event import parse_instant
from streams import clock
from streams.load import sending
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
}
# One interruption in two feeders, then another one. Customer-seconds: 60 × 3,600 + 90 × 6,000 + 10 × 60 = 756,600.
PER_AREA = """id,area,customers,start,end
O-1,TA-1,60,2026-06-11T08:00:00,2026-06-11T09:00:00
O-1,TA-2,90,2026-06-11T08:00:00,2026-06-11T09:40:00
O-2,TA-1,10,2026-06-11T12:00:00,2026-06-11T12:01:00
"""
MAPPING = """
family = "outages"
[time]
zone = "Asia/Shanghai"
[constants]
source = "oms"
revision = 0
[columns]
outage_id = "id"
[[events]]
constants = { event_type = "started", kind = "fault" }
templates = { event_id = "{id}-{area}-s" }
columns = { occurred_at = "start", recorded_at = "start", "areas.area" = "area", "areas.customers" = "customers" }
[[events]]
constants = { event_type = "restored" }
templates = { event_id = "{id}-{area}-r" }
columns = { occurred_at = "end", recorded_at = "end" }
"""


@pytest.fixture
def check(tmp_path, monkeypatch):
    def checked(content, name="events.jsonl", mapping=None, now="2026-06-12T00:00:00Z"):
        monkeypatch.setattr(clock, "now", lambda: parse_instant(now))
        file, said = tmp_path / name, tmp_path / "mapping.toml"
        file.write_text(content)
        said.write_text(mapping or "")
        return sending.run(
            Settings.load(),
            file,
            mapping=said if mapping else None,
            rejects=tmp_path / "rejects",
            dry_run=True,
            console=Console(file=io.StringIO()),
        )

    return checked


def areas(**customers):
    return [{"area": area.replace("_", "-"), "customers": count} for area, count in customers.items()]


def test_a_row_for_each_area_of_an_interruption_is_refused_from_the_second_on(check, tmp_path):
    report = check(PER_AREA, name="outages.csv", mapping=MAPPING)

    assert report.exit_code == 1
    assert len(report.shown) == 1
    assert "line 3: contradicts: started of O-1 states other areas than line 2, in the same revision" in report.shown[0]
    assert (report.sent_lines, report.sent.total()) == (2, 4)
    assert (tmp_path / "rejects").read_text().splitlines() == [PER_AREA.splitlines()[0], PER_AREA.splitlines()[2]]


@pytest.mark.parametrize(
    ("first", "second", "what"),
    [
        ({"areas": areas(TA_1=5)}, {"areas": areas(TA_2=5)}, "areas"),
        ({"areas": areas(TA_1=5)}, {"areas": areas(TA_1=6)}, "areas"),
        ({"areas": areas(TA_1=5)}, {"areas": areas(TA_1=5, TA_2=6)}, "areas"),
        ({"areas": areas(TA_1=5)}, {"areas": areas(TA_2=5), "recorded_at": "2026-06-11T09:00:00Z"}, "areas"),
        ({"areas": areas(TA_1=5)}, {"areas": areas(TA_1=7), "recorded_at": "2026-06-11T09:00:00Z"}, None),
        ({"areas": areas(TA_1=5)}, {"areas": areas(TA_2=5), "revision": 2}, None),
        ({"areas": areas(TA_1=5)}, {"areas": areas(TA_2=5), "cycle": 2}, None),
        ({"areas": areas(TA_1=5)}, {"areas": areas(TA_2=5), "source": "scada"}, None),
        ({"areas": areas(TA_1=5)}, {"areas": areas(TA_2=5), "outage_id": "O-2"}, None),
        ({"areas": areas(TA_1=5)}, {"void": True}, None),
        ({"areas": areas(TA_1=5, TA_2=6)}, {"areas": areas(TA_2=6, TA_1=5), "event_id": "e2"}, None),
        ({"areas": areas(TA_1=5)}, {}, None),
        ({}, {"occurred_at": "2026-06-11T08:05:00+08:00"}, "times"),
        ({}, {"occurred_at": "2026-06-11T08:05:00+08:00", "recorded_at": "2026-06-11T09:00:00Z"}, None),
        ({"event_type": "restored"}, {"event_type": "restored", "occurred_at": "2026-06-11T08:05:00+08:00"}, "times"),
        ({"event_type": "confirmed", "areas": areas(A=1)}, {"event_type": "confirmed", "areas": areas(B=1)}, "areas"),
        ({"event_type": "started", "areas": areas(A=1)}, {"event_type": "confirmed", "areas": areas(B=1)}, None),
    ],
)
def test_what_contradicts_a_line_above_is_refused_and_what_updates_it_is_not(check, first, second, what):
    events = [{**STARTED, **first}, {**STARTED, **second}]
    for event in events:
        if event["event_type"] == "restored":
            event.pop("kind")

    report = check("\n".join(map(json.dumps, events)))

    assert report.refused == ({("contradicts", ""): 1} if what else {})
    if what:
        assert f"{events[1]['event_type']} of O-1 states other {what} than line 1" in report.shown[0]


@pytest.mark.parametrize(
    ("field", "event"),
    [
        ("outage_id", STARTED | {"outage_id": " O-1"}),
        ("outage_id", STARTED | {"outage_id": "O-1\t"}),
        ("outage_id", STARTED | {"outage_id": "O-1\u3000"}),
        ("area", STARTED | {"areas": [{"area": "TA-1", "customers": 1}, {"area": "TA-2 ", "customers": 1}]}),
    ],
)
def test_a_padded_id_in_json_is_no_second_case(check, field, event):
    assert check(json.dumps(event)).refused == {("padded", field): 1}


READINGS = """
family = "voltage"
[time]
zone = "Europe/Paris"
ambiguous = "earlier"
[constants]
event_type = "reading"
source = "ami"
[columns]
point = "p"
area = "p"
occurred_at = "t"
recorded_at = "t"
value_centivolts = "v"
"""


def test_an_hour_that_was_there_twice_does_not_lose_its_second_half(check):
    hour = "VP-1,2026-10-25 02:00,23000\nVP-1,2026-10-25 02:30,23000\n"
    table = (
        "p,t,v\nVP-1,2026-10-25 01:30,23000\n"
        + 2 * hour
        + "VP-2,2026-10-25 02:00,23000\n"
        + "VP-1,2026-10-25 03:00,1\n"
    )

    report = check(table, name="v.csv", mapping=READINGS, now="2026-10-26T00:00:00Z")

    assert (report.sent.total(), report.refused) == (5, {("contradicts", ""): 2})
    assert "line 5: contradicts: VP-1 has a value for 2026-10-25T00:00:00Z in line 3 already" in report.shown[0]


ORDER = {
    "event_type": "dispatched",
    "work_order_id": "W-1",
    "crew": "C-1",
    "occurred_at": "2026-06-11T08:00:00+08:00",
    "recorded_at": "2026-06-11T08:00:30+08:00",
    "source": "oms",
    "event_id": "e1",
    "revision": 1,
}
READING = {
    "event_type": "reading",
    "area": "TA-1",
    "point": "VP-1",
    "source": "ami",
    "occurred_at": "2026-06-11T08:00:00Z",
    "recorded_at": "2026-06-11T08:00:30Z",
    "value_centivolts": 23000,
}
FRAME = {
    "event_type": "frame",
    "area": "TA-1",
    "point": "VP-1",
    "source": "ami",
    "start": "2026-06-11T08:00:00Z",
    "recorded_at": "2026-06-11T08:00:30Z",
    "interval_seconds": 3600,
    "values_centivolts": [23000, 23100],
}


@pytest.mark.parametrize(
    ("first", "second", "what"),
    [
        (ORDER, {}, None),
        (ORDER, {"crew": "C-2"}, "event_id 'e1' is in line 1 with another content"),
        (ORDER, {"occurred_at": "2026-06-11T08:10:00+08:00"}, "event_id 'e1' is in line 1 with another content"),
        (ORDER, {"crew": "C-2", "event_id": "e2"}, None),
        (ORDER, {"crew": "C-2", "revision": 2}, None),
        (ORDER, {"crew": "C-2", "recorded_at": "2026-06-11T09:00:00+08:00"}, None),
        (ORDER, {"crew": "C-2", "work_order_id": "W-2"}, None),
        (ORDER, {"void": True}, None),
        (ORDER, {"event_type": "reassigned", "crew": "C-2"}, None),
        (READING, {}, None),
        # A row for each phase, and no column for the phase in the mapping.
        (READING, {"value_centivolts": 23100}, "a value of VP-1 is in line 1 with another content"),
        (READING, {"value_centivolts": 23100, "phase": "B"}, None),
        (READING, {"value_centivolts": 23100, "revision": 1}, None),
        (READING, {"value_centivolts": 23100, "area": "TA-2"}, None),
        (READING, {"value_centivolts": 23100, "recorded_at": "2026-06-11T09:00:00Z"}, None),
        (FRAME, {}, None),
        (FRAME, {"values_centivolts": [23000, 23200]}, "a value of VP-1 is in line 1 with another content"),
        (FRAME, {"values_centivolts": [23000, 23200], "phase": "B"}, None),
    ],
)
def test_two_contents_of_one_version_are_refused_from_the_second_on(check, first, second, what):
    report = check("\n".join(map(json.dumps, [first, first | second])))

    assert report.refused == ({("contradicts", ""): 1} if what else {})
    assert what is None or what in report.shown[0]
