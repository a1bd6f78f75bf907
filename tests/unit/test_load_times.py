"""Times of tables: each is read as the instant that it names, or refused; never as another one."""

import re
import subprocess
import sys
from zoneinfo import ZoneInfo

import pytest

from streams.load import mapping_file
from streams.load.convert import Unreadable, events_of
from streams.load.mapping import Times
from streams.load.times import instant, stood_twice

PARIS, NEW_YORK = "Europe/Paris", "America/New_York"
STAMP = "%Y-%m-%d %H:%M:%S %Z"


def read(text, zone=None, form=None, ambiguous="refuse"):
    return instant(text, Times(form, ZoneInfo(zone) if zone else None, ambiguous))


@pytest.mark.parametrize(
    ("text", "zone", "form", "right"),
    [
        ("2026-06-03T08:00:00.9", PARIS, None, "2026-06-03T06:00:00Z"),
        ("2026-06-03T08:00:00.8912345+08:00", PARIS, None, "2026-06-03T00:00:00Z"),
        ("2026-06-03 08:00:00+08", None, None, "2026-06-03T00:00:00Z"),
        ("2026-06-03t08:00:00z", None, None, "2026-06-03T08:00:00Z"),
        ("20260603T080000", "UTC", None, "2026-06-03T08:00:00Z"),
        ("2026-06-03", "UTC", None, "2026-06-03T00:00:00Z"),
        ("2026-W23-3", "UTC", None, "2026-06-03T00:00:00Z"),
        ("2026-10-25 03:00:00", PARIS, None, "2026-10-25T02:00:00Z"),
        ("1780473600", None, "epoch_seconds", "2026-06-03T08:00:00Z"),
        ("1780473600.75", None, "epoch_seconds", "2026-06-03T08:00:00Z"),
        ("1780473600999", None, "epoch_milliseconds", "2026-06-03T08:00:00Z"),
        # The end of a day, as many exports write it.
        ("2026-06-03T24:00:00", "Asia/Shanghai", None, "2026-06-03T16:00:00Z"),
        ("2026-12-31 24:00", "UTC", "%Y-%m-%d %H:%M", "2027-01-01T00:00:00Z"),
        ("2026-03-28 24:00", PARIS, "%Y-%m-%d %H:%M", "2026-03-28T23:00:00Z"),
        ("03.06.2026 08 h 24:00", "UTC", "%d.%m.%Y %H h %M:%S", "2026-06-03T08:24:00Z"),
        # Names of zones mean what they mean in the zone that was declared.
        ("2026-07-27 16:45:16 EST", NEW_YORK, STAMP, "2026-07-27T21:45:16Z"),
        ("2026-07-27 16:45:16 EDT", NEW_YORK, STAMP, "2026-07-27T20:45:16Z"),
        ("2026-07-27 16:45:16 MST", "America/Phoenix", STAMP, "2026-07-27T23:45:16Z"),
        ("2026-07-27 16:45:16 CST", "Asia/Shanghai", STAMP, "2026-07-27T08:45:16Z"),
        ("2026-07-27 16:45:16 CST", "America/Chicago", STAMP, "2026-07-27T22:45:16Z"),
        ("2026-10-25 02:30:00 CET", PARIS, STAMP, "2026-10-25T01:30:00Z"),
        ("2026-10-25 02:30:00 CEST", PARIS, STAMP, "2026-10-25T00:30:00Z"),
        ("2026-07-27 16:45:16 GMT", "Europe/London", STAMP, "2026-07-27T16:45:16Z"),
        ("2026-07-27 16:45:16 BST", "Europe/London", STAMP, "2026-07-27T15:45:16Z"),
        ("2026-07-27 16:45:16 utc", None, STAMP, "2026-07-27T16:45:16Z"),
        ("2026-07-27 16:45:16Z", None, "%Y-%m-%d %H:%M:%S%Z", "2026-07-27T16:45:16Z"),
        ("2026-07-27 16:45:16Z", None, "%Y-%m-%d %H:%M:%S%z", "2026-07-27T16:45:16Z"),
        # Numbers that run together have all their digits; others need not.
        ("01062026 0130", "UTC", "%d%m%Y %H%M", "2026-06-01T01:30:00Z"),
        ("20260603T080000+0800", None, "%Y%m%dT%H%M%S%z", "2026-06-03T00:00:00Z"),
        ("080000123 3.6.2026", "UTC", "%H%M%S%f %d.%m.%Y", "2026-06-03T08:00:00Z"),
        ("Wed, 3 Jun 2026 08:00:00 GMT", None, "%a, %d %b %Y %H:%M:%S %Z", "2026-06-03T08:00:00Z"),
        ("WEDNESDAY 3/6/2026", "UTC", "%A %d/%m/%Y", "2026-06-03T00:00:00Z"),
    ],
)
def test_a_time_is_the_instant_that_it_names(text, zone, form, right):
    assert read(text, zone, form) == right


@pytest.mark.parametrize(
    ("text", "zone", "form", "sentence"),
    [
        ("2026-06-03T08:00:00", None, None, "has no offset, and the mapping names no zone"),
        ("2026-10-25 02:30:00", PARIS, None, "was there twice in Europe/Paris"),
        ("2026-03-29 02:30:00", PARIS, None, "does not exist in Europe/Paris"),
        ("03/06/2026", PARIS, None, 'set format in [time], such as "%d/%m/%Y %H:%M"'),
        ("20260603012", "UTC", None, "is no time of the form YYYY"),  # 12 o'clock after a "0", for fromisoformat
        ("20260603T1", "UTC", None, "is no time of the form YYYY"),
        ("1780473600", None, None, 'seconds since 1970 are read with format = "epoch_seconds"'),
        ("1780473600000", None, None, 'milliseconds since 1970 are read with format = "epoch_milliseconds"'),
        ("46176.333333", "UTC", None, "day numbers of a spreadsheet are not read"),
        ("-1", "UTC", "epoch_seconds", "is no time of the form epoch_seconds"),
        ("1780473600000", None, "epoch_seconds", "does not lie between the years 2000 and 2099"),
        ("2026-06-03T08:00:60", "UTC", None, "leap seconds are not read"),
        ("2026-06-03T24:00:01", "UTC", None, "is no time of the form"),
        ("28. März 2026", PARIS, "%d. %B %Y", "of names only English ones"),
        ("2026/06/03 上午08:00", PARIS, "%Y/%m/%d %p%I:%M", "of names only English ones"),
        ("2026-06-03T08:00:00\u221208:00", None, None, "is no time of the form"),
        ("9999-12-31T23:59:59", "UTC", None, '[values] maps what means "not known" to ""'),
        ("9999-12-31T24:00:00", "UTC", None, "is no time of the form"),
        ("0001-01-01T00:00:00+14:00", None, None, "does not lie between the years 2000 and 2099"),
        ("1999-12-31T23:59:59Z", None, None, "does not lie between the years 2000 and 2099"),
        ("Jun 3, 10:05 AM", PARIS, "%b %d, %I:%M %p", "is read with a format that has no year"),
        (
            "2026-07-27 16:45:16 EST",
            None,
            STAMP,
            "names the zone EST, which has more than one meaning: set zone in [time]",
        ),
        ("2026-07-27 16:45:16 EST", PARIS, STAMP, "names the zone EST, which Europe/Paris does not have"),
        ("2026-07-27 16:45:16 ", PARIS, STAMP, "is no time of the form"),
        # Of a number in a spreadsheet the zero in front is gone: strptime takes the next digit for it.
        ("1062026", "UTC", "%d%m%Y", "has too few digits"),  # the 1st of June, or the 10th
        ("2026111", "UTC", "%Y%m%d", "has too few digits"),
        ("2026-06-03 130", "UTC", "%Y-%m-%d %H%M", "has too few digits"),  # 01:30, or 13:00
        ("Jun12026", "UTC", "%b%d%Y", "has too few digits"),
        ("261025 23000 UTC", None, "%y%m%d %H%M%S %Z", "has too few digits"),
        ("Wed 06/03/2026", "UTC", "%a %d/%m/%Y", "is read as 2026-03-06, which was a Friday"),
        (
            "Thu, 3 Jun 2026 08:00:00 GMT",
            None,
            "%a, %d %b %Y %H:%M:%S %Z",
            "is read as 2026-06-03, which was a Wednesday",
        ),
        ("261025023000S", "Europe/Amsterdam", "%y%m%d%H%M%S%Z", "names the zone S, which Europe/Amsterdam does not"),
    ],
)
def test_a_time_that_names_no_instant_is_refused(text, zone, form, sentence):
    with pytest.raises(ValueError, match=re.escape(sentence)):
        read(text, zone, form)


@pytest.mark.parametrize(("rule", "right"), [("earlier", "00:30"), ("later", "01:30")])
def test_a_rule_for_times_that_were_there_twice_holds(rule, right):
    assert read("2026-10-25 02:30:00", PARIS, ambiguous=rule) == f"2026-10-25T{right}:00Z"


def test_an_hour_that_the_clocks_show_twice_is_known():
    found = [stood_twice(1792886400 + minutes * 60, ZoneInfo(PARIS)) for minutes in range(-30, 150, 30)]

    assert found == [False, True, True, True, True, False]  # 01:30, 02:00, 02:30, 02:00, 02:30, 03:00


def test_the_zone_of_the_machine_plays_no_part():
    program = (
        "from zoneinfo import ZoneInfo; from streams.load.times import instant; "
        "from streams.load.mapping import Times; zone = ZoneInfo('Europe/Paris'); "
        "print(instant('2026-07-27 16:45:16 CEST', Times('%Y-%m-%d %H:%M:%S %Z', zone)), "
        "instant('2026-07-27 16:45:16 UTC', Times('%Y-%m-%d %H:%M:%S %Z', zone)), "
        "instant('2026-07-27T16:45:16', Times(None, zone)))"
    )
    said = {
        subprocess.check_output([sys.executable, "-c", program], env={"TZ": zone}, text=True)
        for zone in ("UTC", NEW_YORK, "Pacific/Kiritimati")
    }

    assert said == {"2026-07-27T14:45:16Z 2026-07-27T16:45:16Z 2026-07-27T14:45:16Z\n"}


PROFILE = """
family = "voltage"
[time]
zone = "Europe/Paris"
[constants]
event_type = "frame"
source = "ami"
interval_seconds = 3600
[columns]
point = "p"
area = "p"
start = "day"
recorded_at = "day"
values_centivolts = ["{columns}"]
"""


@pytest.mark.parametrize(
    ("day", "values", "exact"),
    [
        ("2026-03-28", 24, True),
        ("2026-03-29", 24, False),  # columns of the wall, 02:00 empty or not: one of them is an hour that was not
        ("2026-03-29", 23, True),  # from midnight to midnight: hours that passed
        ("2026-03-29", 2, True),  # 00:00 and 01:00
        ("2026-03-29", 3, False),
        ("2026-10-25", 24, False),
        ("2026-10-25", 25, True),
        ("2026-10-25", 2, True),
        ("2026-10-25", 3, False),  # 02:00 stood there twice
        ("2026-10-25", 4, False),
        ("2026-10-25T02:00:00+02:00", 1, True),
        ("2026-10-25T02:00:00+02:00", 2, False),
        ("2026-10-25T03:00:00", 21, True),
        ("2026-10-26", 25, True),
    ],
)
def test_a_profile_over_a_change_of_the_clocks_is_exact_or_refused(tmp_path, day, values, exact):
    columns = [f"u{hour}" for hour in range(25)]
    file = tmp_path / "mapping.toml"
    file.write_text(PROFILE.replace("{columns}", '", "'.join(columns)))
    row = {"p": "VP-1", "day": day} | {column: "230" if at < values else "" for at, column in enumerate(columns)}

    if exact:
        assert next(events_of(row, mapping_file.load(file)))["values_centivolts"].count(230) == values
        return
    with pytest.raises(Unreadable, match="hours of the wall or hours that passed"):
        list(events_of(row, mapping_file.load(file)))
