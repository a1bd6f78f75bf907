"""A mapping file is checked completely, before anything is read or sent."""

from pathlib import Path

import pytest

from streams.errors import InputUnreadable
from streams.load import mapping_file
from streams.load.convert import Unreadable, events_of

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
    [
        ("228.73", 22873),
        ("228", 22800),
        ("228.725", 22872),
        ("228.735", 22874),
        ("0", 0),
        (" 1.5 ", 150),
        ("", None),
        ("233.10000000000002", 23310),
        ("228.729999999999990", 22873),
        ("2.29E2", 22900),
        ("2.2873e+02", 22873),
        ("22873E-2", 22873),
        ("5.", 500),
        (".5", 50),
        ("1e12", 10**14),  # for the contract to refuse
        ("0.015000000000000000000000000000000000000000001", 2),  # above the half by less than a float can say
        ("0.025", 2),
    ],
)
def test_volts_become_the_nearest_centivolt_and_nothing_is_null(load, cell, value):
    assert events(load, v=cell)[0]["value_centivolts"] == value


@pytest.mark.parametrize(
    "cell",
    [
        "1,234.5",
        "228,73",
        "10 228.73",
        "228.73 V",
        "nan",
        "Infinity",
        "#N/A",
        "1_0",
        "--1",
        "1e9999",
        ".",
        "e3",
        "２２８",
    ],
)
def test_what_is_no_number_is_refused_by_field_column_and_value(load, cell):
    with pytest.raises(Unreadable, match=r"\(column 'v'\) is no number") as error:
        events(load, v=cell)
    assert error.value.field == "value_centivolts"


@pytest.mark.parametrize("digits", [65, 400, 100_000])
def test_a_number_is_exact_up_to_64_characters_and_refused_beyond(load, digits):
    assert events(load, v="228." + "9" * 60)[0]["value_centivolts"] == 22900
    with pytest.raises(Unreadable, match="is a number of more than 64 characters"):
        events(load, v="9" * digits)


@pytest.mark.parametrize("cell", ["1e999", "-1e999", "1e308", "1000000000001", "9" * 64])
def test_a_number_that_no_event_can_hold_is_refused_before_it_is_written(load, cell):
    with pytest.raises(Unreadable, match="is larger than any number of an event"):
        events(load, v=cell)


def test_whole_numbers_may_have_an_exponent(load):
    text = READING.split("[scale]", maxsplit=1)[0]

    assert [events(load, text, v=cell)[0]["value_centivolts"] for cell in ("8.6e1", "86.0", "860e-1")] == [86] * 3


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
        ('point = "p"', 'point = "p"\nsource = "s"', "source is given twice for one event."),
        ('family = "voltage"', 'family = "voltage"\nevents = []', "[[events]] is a list of tables."),
        ("[scale]", '[values.point]\nx = ""\ny = 7\n[scale]', "[values] point = 7: Input should be a valid string."),
        ("[scale]", '[values.phase]\n1 = "A"\n[scale]', "[values] phase is not a field that is mapped."),
        ("[scale]", '[templates]\nphase = "A"\n[scale]', "[templates] phase is a text with columns in braces"),
        ("[scale]", '[templates]\nphase = "{}"\n[scale]', "[templates] phase is a text with columns in braces"),
        ("[scale]", '[templates]\nphase = "{p!r}"\n[scale]', "[templates] phase is a text with columns in braces"),
        ("[scale]", '[templates]\nphase = "{p:>9999999999}"\n[scale]', "[templates] phase is a text with columns in"),
        ('source = "ami"', 'source = "ami"\nrevision = 99999999999999999999', "Integer exceeds 64-bit range."),
        ("[scale]", "x = " + "[" * 5000 + "]" * 5000 + "\n[scale]", "is not TOML: maximum recursion depth exceeded"),
        ('point = "p"', 'point = ["p", "q"]', "[columns] point takes one column, not a list of 2."),
        ('occurred_at = "t"', 'occurred_at = ["t"]', "[columns] occurred_at takes one column, not a list of 1."),
        ("[scale]", '[csv]\ndelimiter = "||"\nencoding = "utf-7b"\n[scale]', "delimiter of [csv] is one character."),
    ],
)
def test_a_mistake_is_a_sentence(load, old, new, sentence):
    assert old in READING

    with pytest.raises(InputUnreadable) as error:
        load(READING.replace(old, new))

    assert sentence in str(error.value)
    assert "nothing was sent" in str(error.value) or "is not TOML" in str(error.value)


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ("%s", "has %s, which is no directive: epoch_seconds or epoch_milliseconds read numbers since 1970."),
        ("%b %d, %I:%M %p", "has no year (%Y), so that a time names no instant."),
        ("%Y-%m %H:%M", "has no whole date (%m and %d, or %j)."),
        ("%H:%M %y", "has no whole date"),
        ("%Y-%m-%d %I:%M", "needs %I and %p together"),
        ("%Y-%m-%d %H:%M %p", "needs %I and %p together"),
        ("%Y-%m-%d %H %I %p", "has %H and %I, two hours"),
        ("%Y-%m-%d %M", "has minutes without an hour"),
        ("%Y-%m-%d %H:%S", "has minutes without an hour, or seconds without minutes"),
        ("%c", "has %c, which each machine writes in its own way"),
        ("%x %H:%M", "has %x, which each machine writes in its own way"),
        ("%Y-%m-%d %Q", "has %Q, which is no directive."),
        ("%Y-%m-%d %", "has %, which is no directive."),
        ("%d/%d/%Y", "has %d twice."),
        ("%Z %Y-%m-%d", "has %Z, the name of a zone, which has to be at the end and without %z."),
        ("%Y-%m-%d %z %Z", "has %Z, the name of a zone"),
        ("epoch", "is a text such as %Y-%m-%d %H:%M:%S, or one of epoch_seconds, epoch_milliseconds."),
    ],
)
def test_a_format_that_names_no_instant_is_refused_with_the_mapping(load, form, sentence):
    with pytest.raises(InputUnreadable) as error:
        load(READING.replace('zone = "Asia/Shanghai"', f'zone = "Asia/Shanghai"\nformat = "{form}"'))

    assert sentence in str(error.value)


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


@pytest.mark.parametrize("name", ["Nr.", "U [V]", "0", "a b", "a.b", "a[0]", "__class__", "点号"])
def test_a_template_takes_columns_by_whatever_name_they_have(load, name):
    text = READING.replace('point = "p"', "") + f'[templates]\npoint = "{{{name}}}{{{{x}}}}"\n'

    assert events(load, text, **{name: "5"})[0]["point"] == "5{x}"


def test_ids_are_trimmed_in_templates_as_in_columns(load):
    text = READING.replace('point = "p"', "") + '[templates]\npoint = "{a}-{p} "\n'

    assert events(load, text, a="TA-1   ", p="\u3000VP-1\u00a0")[0]["point"] == "TA-1-VP-1"
    assert events(load, text, a="TA-1   ")[0]["area"] == "TA-1"


def test_an_empty_column_does_not_make_one_id_of_several(load):
    text = READING.replace('point = "p"', "") + '[templates]\npoint = "{a}-{p}"\n'

    with pytest.raises(Unreadable, match="the column 'p', which its template needs, is empty"):
        events(load, text, p=" ")
