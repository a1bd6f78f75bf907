"""A mapping file is checked completely, before anything is read or sent."""

from pathlib import Path

import pytest

from streams.errors import InputUnreadable
from streams.local.bring import mapping_file
from streams.local.bring.convert import Unreadable, events_of, instant
from streams.local.bring.mapping import Times

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
READING = """
family = "voltage"
[time]
zone = "Asia/Shanghai"
[constants]
event_type = "reading"
source = "ami"
[columns]
area = "a"
point = "p"
occurred_at = "t"
recorded_at = "t"
value_centivolts = "v"
[scale]
value_centivolts = 100
"""
ROW = {"a": "TA-1", "p": "VP-1", "t": "2026-06-03 08:00:00", "v": "228.73"}


@pytest.fixture
def load(tmp_path):
    def loaded(text):
        file = tmp_path / "mapping.toml"
        file.write_text(text, "utf-8")
        return mapping_file.load(file)

    return loaded


def events(load, text=READING, **cells):
    return list(events_of(ROW | cells, load(text)))


@pytest.mark.parametrize("name", ["complaints", "voltage", "profiles"])
def test_the_examples_are_right(name):
    assert mapping_file.load(EXAMPLES / f"{name}.toml").rules


def test_a_row_becomes_an_event(load):
    assert events(load) == [
        {
            "event_type": "reading",
            "source": "ami",
            "area": "TA-1",
            "point": "VP-1",
            "occurred_at": "2026-06-03T00:00:00Z",
            "recorded_at": "2026-06-03T00:00:00Z",
            "value_centivolts": 22873,
        }
    ]


@pytest.mark.parametrize(
    ("cell", "value"),
    [("228.73", 22873), ("228", 22800), ("228.725", 22872), ("228.735", 22874), ("0", 0), (" 1.5 ", 150), ("", None)],
)
def test_volts_become_the_nearest_centivolt_and_nothing_is_null(load, cell, value):
    assert events(load, v=cell)[0]["value_centivolts"] == value


@pytest.mark.parametrize("cell", ["1e3", "1,234.5", "228.73 V", "nan", "1_0", "9" * 40, "--1"])
def test_what_is_no_number_is_refused_by_field_column_and_value(load, cell):
    with pytest.raises(Unreadable, match=r"\(column 'v'\) is no number") as error:
        events(load, v=cell)
    assert error.value.field == "value_centivolts"


def test_a_fraction_without_a_scale_is_refused(load):
    with pytest.raises(Unreadable, match="no whole number"):
        events(load, READING.split("[scale]", maxsplit=1)[0])


def test_an_empty_cell_of_a_field_that_may_be_absent_says_nothing(load):
    text = READING.replace('point = "p"', 'point = "p"\nphase = "phase"')

    assert "phase" not in events(load, text, phase=" ")[0]
    assert events(load, text, phase="B")[0]["phase"] == "B"


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            "value_centivolts",
            "value_centivolt",
            "value_centivolt is no field of reading (did you mean value_centivolts?).",
        ),
        ('family = "voltage"', 'family = "network"', "family is one of outages, repairs, complaints, voltage."),
        ('event_type = "reading"', "", "event_type is missing: a constant, or a column"),
        (
            'event_type = "reading"',
            'event_type = "readings"',
            "event_type 'readings' is not one of daily_statistics, frame, reading",
        ),
        ('source = "ami"', "source = 7", "[constants] source = 7: Input should be a valid string."),
        ('source = "ami"', 'source = "ami"\ninterval_seconds = 0', "interval_seconds = 0: Input should be greater"),
        ('area = "a"\n', "", "reading needs area: name a column, a constant or a template."),
        ("Asia/Shanghai", "Asia/Zhengzhou", "there is no time zone 'Asia/Zhengzhou'."),
        ("= 100", "= 0.01", "[scale] value_centivolts is a whole number from 1 to 1000000"),
        ("value_centivolts = 100", "point = 100", "[scale] point is a whole number from 1 to 1000000"),
        ("[scale]", "[scales]", "scales is no part of a mapping (did you mean scale?)."),
        ('zone = "Asia/Shanghai"', 'zone = "UTC"\nformat = 7', "format of [time] is a text such as"),
        ('point = "p"', 'point = ["p", 1]', "[columns] point is the name of a column, or a list of names."),
        ('point = "p"', 'point = "p"\nsource = "s"', "source is said twice for one event."),
        ('family = "voltage"', 'family = "voltage"\nevents = []', "[[events]] is a list of tables."),
        ("[scale]", '[values.point]\nx = ""\ny = 7\n[scale]', "[values] point = 7: Input should be a valid string."),
        ("[scale]", '[values.phase]\n1 = "A"\n[scale]', "[values] phase is not a field that is mapped."),
        ("[scale]", '[templates]\nphase = "A"\n[scale]', "[templates] phase is a text with columns in braces"),
        ("[scale]", '[csv]\ndelimiter = "||"\nencoding = "utf-7b"\n[scale]', "delimiter of [csv] is one character."),
    ],
)
def test_a_mistake_is_a_sentence(load, old, new, sentence):
    assert old in READING

    with pytest.raises(InputUnreadable) as error:
        load(READING.replace(old, new))

    assert sentence in str(error.value)
    assert "nothing was sent" in str(error.value)


def test_all_mistakes_are_told_at_once(load):
    with pytest.raises(InputUnreadable) as error:
        load(READING.replace("point =", "poind =").replace("occurred_at", "occured_at"))

    assert "did you mean point?" in str(error.value)
    assert "did you mean occurred_at?" in str(error.value)


@pytest.mark.parametrize("text", ["family = ", "= 1", '"'])
def test_what_is_no_toml_is_said_so(load, text):
    with pytest.raises(InputUnreadable, match="is not TOML"):
        load(text)


def test_a_column_decides_which_of_several_events_there_are():
    mapping = mapping_file.load(EXAMPLES / "complaints.toml")
    columns = next(iter(mapping.rules)).columns_used | {"首次联系时间", "答复时间", "办结时间", "更新时间"}
    row = dict.fromkeys(columns, "") | {
        "工单编号": "CP-1",
        "业务类型": "投诉",
        "投诉类别": "天气",
        "受理时间": "2026-06-03 09:12:00",
        "办结时间": "2026-06-04 09:12:00",
        "更新时间": "2026-06-04 09:12:01",
    }

    accepted, closed = events_of(row, mapping)

    assert (accepted["category"], accepted["case_kind"]) == ("other", "complaint")
    assert "level" not in accepted
    assert (closed["event_type"], closed["event_id"]) == ("closed", "CP-1-closed")


def test_an_event_type_may_come_from_a_column_and_takes_only_its_own_fields(load):
    text = """
        family = "repairs"
        [time]
        format = "%d.%m.%Y %H:%M"
        zone = "Europe/Paris"
        [constants]
        source = "wms"
        [columns]
        event_type = "what"
        work_order_id = "order"
        event_id = "id"
        revision = "n"
        occurred_at = "at"
        recorded_at = "at"
        crew = "crew"
        [values.event_type]
        sent = "dispatched"
        there = "arrived"
    """
    row = {"order": "WO-1", "id": "1", "n": "1", "at": "03.06.2026 08:00", "crew": "C-7"}

    sent = events(load, text, what="sent", **row)[0]
    there = events(load, text, what="there", **row)[0]

    assert (sent["event_type"], sent["crew"]) == ("dispatched", "C-7")
    assert "crew" not in there
    with pytest.raises(Unreadable, match="'lost' is not one of accepted, arrived"):
        events(load, text, what="lost", **row)


def test_columns_make_lists_and_objects(load):
    text = """
        family = "outages"
        [constants]
        event_type = "started"
        source = "oms"
        kind = "fault"
        revision = 1
        [templates]
        event_id = "{id}-start"
        [columns]
        outage_id = "id"
        occurred_at = "t"
        recorded_at = "t"
        "areas.area" = "area"
        "areas.customers" = "out"
        "plan.start" = "t"
        "plan.end" = "t"
    """
    row = {"id": "O-1", "t": "2026-06-03T08:00:00+08:00", "area": "TA-1", "out": "86"}

    event = events(load, text, **row)[0]

    assert event["areas"] == [{"area": "TA-1", "customers": 86}]
    assert event["plan"] == {"start": "2026-06-03T00:00:00Z", "end": "2026-06-03T00:00:00Z"}
    assert event["event_id"] == "O-1-start"


def test_a_frame_takes_a_column_a_value_or_one_cell_of_several():
    mapping = mapping_file.load(EXAMPLES / "profiles.toml")
    row = {"meter": "VP-1", "transformer": "TA-1", "phase": "A", "day": "2026-06-03"}

    frame = next(events_of(row | {"u00": "229.11", "u06": "", "u12": "230", "u18": "1"}, mapping))

    assert frame["values_centivolts"] == [22911, None, 23000, 100]
    assert frame["start"] == "2026-06-02T16:00:00Z"


PARIS = "Europe/Paris"


@pytest.mark.parametrize(
    ("text", "ambiguous", "expected"),
    [
        ("2026-06-03T08:00:00.9", "refuse", "2026-06-03T06:00:00Z"),
        ("2026-06-03T08:00:00+08:00", "refuse", "2026-06-03T00:00:00Z"),
        ("2026-10-25 02:30:00", "earlier", "2026-10-25T00:30:00Z"),
        ("2026-10-25 02:30:00", "later", "2026-10-25T01:30:00Z"),
        ("2026-10-25 03:00:00", "refuse", "2026-10-25T02:00:00Z"),
    ],
)
def test_times_take_the_zone_unless_they_have_an_offset(text, ambiguous, expected):
    assert instant(text, times(ambiguous=ambiguous)) == expected


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("2026-10-25 02:30:00", "was there twice in Europe/Paris"),
        ("2026-03-29 02:30:00", "does not exist in Europe/Paris"),
        ("03/06/2026", "is no time of the form YYYY-MM-DDThh:mm:ss"),
        ("0001-01-01T00:00:00+14:00", "does not lie between the years 1970 and 9999"),
        ("1969-12-31T23:59:59Z", "does not lie between the years 1970 and 9999"),
    ],
)
def test_a_time_that_is_none_is_said_so(text, sentence):
    with pytest.raises(ValueError, match=sentence):
        instant(text, times())


def test_a_time_without_offset_and_without_zone_is_refused():
    with pytest.raises(ValueError, match="has no offset, and the mapping names no zone"):
        instant("2026-06-03T08:00:00", Times())


def times(*, ambiguous="refuse"):
    return Times(zone=mapping_file.ZoneInfo(PARIS), ambiguous=ambiguous)
