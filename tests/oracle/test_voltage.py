"""DOMAIN.md 1.3 and the voltage edge cases of its section 4, by hand, against the oracle alone; 0.01 V, seconds."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from streams.oracle.engine import Oracle
from streams.oracle.records import from_files
from streams.settings import Settings
from tests.oracle.lines import at, rfc
from tests.oracle.meters import DAY, GOOD, NEXT, NOTHING, OVER, TODAY, UNDER

MINUTE, BILLION = 60, 10**9
TIME, MEAN = (f"voltage_compliance{name}|all|monitoring_class=all|{TODAY}" for name in ("_time", ""))
COVERAGE = f"voltage_coverage|all|monitoring_class=all|{TODAY}"
COMBINED = f"voltage_compliance_combined|all|-|{TODAY}"
USABLE = {0, 7, 14, 17, 18, 19}


def test_a_day_with_gaps(meters):
    """1.3.2: of 1440 minutes 80 are missing, 30 above 235.4 V and 12 below 198.0 V."""
    meters.point()
    meters.frame(f"{DAY} 00:00", [GOOD] * 1318 + [None] * 80 + [OVER] * 30 + [UNDER] * 12)
    time, mean, coverage = meters.ratios(NEXT, TIME, MEAN, COVERAGE)
    assert time == (1318 * MINUTE, 1360 * MINUTE)
    assert mean == (969_117_647, BILLION)
    assert coverage == (1360 * MINUTE, 1440 * MINUTE)


def test_combined(meters):
    """1.3.2: A 99.5, B 99.8, C 98.9, D 97.6 make 99.133 %."""
    for group, good in {"A": 995, "B": 998, "C": 989, "D": 976}.items():
        meters.point(group, group)
        meters.frame(f"{DAY} 00:00", [GOOD] * good + [OVER] * (1000 - good), group)
    assert meters.ratios(NEXT, COMBINED) == [(5_948_000_000, 6 * BILLION)]


@pytest.mark.parametrize(
    ("groups", "combined"),
    [("AD", (2 * BILLION, 2 * BILLION)), ("ACD", (4 * BILLION, 4 * BILLION)), ("BCD", NOTHING), ("A", NOTHING)],
)
def test_a_class_without_points(meters, groups, combined):
    """55."""
    for group in groups:
        meters.point(group, group)
        meters.frame(f"{DAY} 00:00", [GOOD] * 10, group)
    assert meters.ratios(NEXT, COMBINED) == [combined]


def test_time_weighs_not_the_number_of_readings(meters):
    """1.3.3 and 53: 75.0 %, not 42.86 %."""
    meters.point()
    for clock, volts in {"00:00": 220, "00:15": 221, "00:30": 240, "00:31": 241, "00:32": 240, "00:33": 239}.items():
        meters.reading(clock, volts * 100, interval_seconds=900)
    meters.reading("00:45", 22_200, interval_seconds=900)
    assert meters.ratios(f"{DAY} 01:00", TIME) == [(45 * MINUTE, 60 * MINUTE)]


def test_an_instantaneous_value_is_held_for_one_and_a_half_intervals(meters):
    meters.point()
    meters.reading("08:00", GOOD)
    assert meters.ratios(f"{DAY} 12:00", TIME) == [(1350, 1350)]


@pytest.mark.parametrize(("clock", "seconds"), [("08:04:59", NOTHING), ("08:05", (300, 300)), ("08:14", (600, 600))])
def test_it_counts_up_to_the_last_full_five_minutes(meters, clock, seconds):
    meters.point()
    meters.reading("08:00", GOOD)
    assert meters.ratios(f"{DAY} {clock}", TIME) == [seconds]


@pytest.mark.parametrize(("clock", "seconds"), [("08:14:59", NOTHING), ("08:15", (900, 900))])
def test_a_mean_counts_once_it_is_over(meters, clock, seconds):
    meters.point()
    meters.reading("08:15", GOOD, arrives=f"{DAY} 08:14", value_kind="mean", interval_seconds=900)
    assert meters.ratios(f"{DAY} {clock}", TIME) == [seconds]


@pytest.mark.parametrize(
    ("versions", "good"),
    [
        (((24_100, 0, 1), (23_100, 2, 0)), True),
        (((23_100, 2, 0), (24_100, 0, 1)), True),
        (((23_100, 1, 0), (23_100, 1, 0)), True),
        (((24_100, 0, 0), (23_100, 0, 1)), True),
        (((23_100, 0, 0), (24_100, 0, 1)), False),
    ],
)
def test_a_correction(meters, versions, good):
    """46: the greater revision holds, then the later recorded_at, in whatever order they come."""
    meters.point()
    for value, revision, later in versions:
        recorded = rfc(f"{DAY} 08:3{later}")
        meters.reading("08:00", value, arrives=f"{DAY} 08:40", revision=revision, recorded_at=recorded)
    assert meters.ratios(f"{DAY} 12:00", TIME) == [(1350 * good, 1350)]


def test_limits(meters):
    """47 and 49: by nominal voltage and ratio; a limit itself is compliant."""
    counts = {
        (22_000, None, 23_540): (1350, 1350),
        (22_000, None, 23_541): (0, 1350),
        (22_000, None, 23_550): (0, 1350),
        (22_000, None, 19_800): (1350, 1350),
        (22_000, None, 19_799): (0, 1350),
        (22_000, None, 44_000): NOTHING,
        (38_000, None, 40_000): (1350, 1350),
        (38_000, None, 40_661): (0, 1350),
        (38_000, None, 35_340): (1350, 1350),
        (38_000, None, 35_339): (0, 1350),
        (10_000, 100, 9_300): (1350, 1350),
        (10_000, 100, 9_299): (0, 1350),
        (10_000, None, 9_299): (1350, 1350),
    }
    for number, (nominal, ratio, value) in enumerate(counts):
        meters.point(f"P{number}", nominal=nominal, transformer_ratio=ratio, area=f"A{number}")
        meters.reading("08:00", value, f"P{number}", area=f"A{number}")
    cells = meters.cells(f"{DAY} 12:00")
    keys = [TIME.replace("|all|", f"|area=A{number}|") for number in range(len(counts))]
    assert [cells[key][4:6] if key in cells else NOTHING for key in keys] == list(counts.values())


def test_limits_of_ones_own(meters):
    meters.point()
    meters.reading("08:00", 20_999)
    limits = {"voltage_limits": {22_000: (21_000, 23_000)}}
    assert meters.ratios(f"{DAY} 12:00", TIME, **limits) == [(0, 1350)]


def test_no_voltage_is_suspect(meters):
    """50: neither under nor monitored nor covered."""
    meters.point()
    meters.frame(f"{DAY} 00:00", [0, 4399] + [GOOD] * 10)
    assert meters.ratios(NEXT, TIME, COVERAGE) == [(600, 600), (600, 86_400)]


def test_a_backlog_fills_its_hours(meters):
    """52."""
    meters.point()
    meters.frame(f"{DAY} 03:00", [GOOD] * 180, arrives=f"{DAY} 06:05")
    assert meters.ratios(f"{DAY} 06:00", COVERAGE) == [(10_800, 21_600)]


def test_a_point_that_says_nothing(meters):
    """54."""
    meters.point(monitored_from=TODAY)
    meters.point("other", "C")
    meters.reading("08:00", GOOD, "other")
    cells = meters.cells(NEXT)
    keys = [key.replace("class=all", "class=D") for key in (TIME, MEAN, COVERAGE, COMBINED)]
    assert [cells[key][4:6] for key in keys] == [NOTHING, NOTHING, (0, 86_400), NOTHING]
    assert cells["voltage_points_silent|all|monitoring_class=D|now"].numerator == 1


def test_phases_are_pooled(meters):
    """57: A out, B and C in: 66.67 %."""
    meters.point(phases=("A", "B", "C"))
    for phase, value in {"A": 24_000, "B": GOOD, "C": GOOD}.items():
        meters.reading("08:00", value, phase=phase)
    time, mean = meters.ratios(f"{DAY} 12:00", TIME, MEAN)
    assert (time, mean) == ((2700, 4050), (666_666_667, BILLION))


def test_qualities(meters):
    """58: others are not monitored, and covered all the same."""
    for code in range(20):
        meters.frame(f"{DAY} 00:00", [OVER], f"P{code}", qualities=[code], area=f"A{code}", nominal_centivolts=22_000)
    cells = meters.cells(NEXT)
    places = [(code, f"|area=A{code}|") for code in range(20)]
    assert {code for code, place in places if cells[TIME.replace("|all|", place)].denominator == MINUTE} == USABLE
    assert all(cells[COVERAGE.replace("|all|", place)][4:6] == (60, 86_400) for _, place in places)


@pytest.mark.parametrize(
    ("values", "good"), [((36_400, 33_000), True), ((36_800, 33_000), False), ((37_800, 36_050), True)]
)
def test_35_kilovolts_by_the_day(meters, values, good):
    """59: +4 % and -5.71 % comply, of one sign the greater counts."""
    meters.point(nominal=3_500_000)
    meters.frame(f"{DAY} 00:00", [100 * value for value in values])
    assert meters.ratios(NEXT, TIME) == [(120 * good, 120)]


def test_a_replaced_meter(meters):
    """60: the series goes on, and what both measured counts once, by what was written down last."""
    meters.point()
    meters.frame(f"{DAY} 00:00", [GOOD] * 30, source="old", arrives=f"{DAY} 01:00")
    meters.frame(f"{DAY} 00:20", [OVER] * 40, source="new", arrives=f"{DAY} 02:00")
    assert meters.ratios(NEXT, TIME) == [(20 * MINUTE, 60 * MINUTE)]


def test_a_month_is_no_mean_of_days(meters):
    meters.point()
    meters.frame(f"{DAY} 00:00", [GOOD] * 30 + [OVER] * 10)
    meters.frame("06-02 00:00", [OVER] * 20)
    keys = [f"voltage_compliance|all|monitoring_class=D|{period}" for period in ("2026-06-02", "2026-06", "last30d")]
    assert meters.ratios(NEXT, *keys) == [(0, BILLION), (BILLION // 2, BILLION), (BILLION // 2, BILLION)]


WEEK = "voltage_en50160|all|monitoring_class=D|2026-W23"
FINE, LOW, FAR_TOO_LOW = 23_000, 20_000, 19_000  # of 230 V: within 10 %, below that, below -15 %


@pytest.mark.parametrize(
    ("values", "passed"),
    [
        ([FINE] * 952 + [LOW] * 48 + [None] * 8, 1),
        ([FINE] * 949 + [LOW] * 51 + [None] * 8, 0),
        ([FINE] * 989 + [LOW] * 10 + [FAR_TOO_LOW] + [None] * 8, 0),
        ([FINE] * 950 + [LOW] * 50 + [0] * 8, 1),
        ([20_700, 25_300] * 500 + [19_550] * 50, 1),
        ([FINE] * 1007 + [19_549], 0),
        ([FINE] * 1007 + [25_301], 0),
        ([20_699] * 20 + [FINE] * 379, 0),
        ([20_699] * 20 + [FINE] * 380, 1),
    ],
)
def test_a_week_by_en_50160(meters, values, passed):
    """1.3.2, its last example, and 62: 4.8 % and exactly 5 % outside pass, 5.1 % do not; one beyond fails."""
    meters.point(nominal=23_000)
    meters.frame("06-01 00:00", values[:1008], interval=600, arrives="06-08 00:10")
    meters.frame("06-08 00:00", [FINE], interval=600, arrives="06-08 00:10")
    assert meters.ratios("06-08 00:10", WEEK) == [(passed, 1)]


def test_a_week_begins_at_local_midnight_and_is_final_two_days_after_its_end(meters):
    meters.point(nominal=23_000)
    meters.frame("06-07 23:50", [FINE, FAR_TOO_LOW], interval=600, arrives="06-08 00:10")
    following = WEEK.replace("W23", "W24")
    assert meters.ratios("06-08 00:10", WEEK, following) == [(1, 1), (0, 1)]
    assert [meters.cells(when)[WEEK].final for when in ("06-09 23:59:59", "06-10 00:00")] == [False, True]


@pytest.mark.parametrize(
    ("zone", "last", "week", "following"),
    [
        ("Europe/Berlin", "2027-01-03T23:50", "2026-W53", "2027-W01"),
        ("Europe/Berlin", "2026-03-29T23:50", "2026-W13", "2026-W14"),
        ("Europe/Berlin", "2026-10-25T23:50", "2026-W43", "2026-W44"),
        ("America/New_York", "2026-06-07T23:50", "2026-W23", "2026-W24"),
    ],
)
def test_weeks_are_those_of_the_zone(meters, zone, last, week, following):
    """At the year's end, and where clocks change on the last day of the week."""
    meters.point(nominal=23_000)
    sunday = datetime.fromisoformat(last).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    start, arrives = (instant.isoformat() for instant in (sunday, sunday + timedelta(minutes=30)))
    meters.frame(start, [FINE, FAR_TOO_LOW], interval=600, arrives=arrives)
    keys = [WEEK.replace("2026-W23", name) for name in (week, following)]
    assert meters.ratios(arrives, *keys, zone=zone) == [(1, 1), (0, 1)]


@pytest.mark.parametrize(
    "said", [{"interval": 900}, {"interval": 600, "value_kind": "instantaneous"}, {"qualities": [8]}]
)
def test_other_values_are_no_valid_means(meters, said):
    meters.point(nominal=23_000)
    meters.frame("06-03 00:00", [FINE], **{"interval": 600} | said)
    assert meters.ratios(NEXT, WEEK) == [NOTHING]


def test_every_phase_of_a_point_has_to_pass_and_only_low_voltage_has_weeks(meters):
    meters.point(nominal=23_000, phases=("A", "B"))
    meters.frame("06-03 00:00", [FINE] * 40, interval=600)
    meters.frame("06-03 00:00", [FINE] * 18 + [LOW], interval=600, phase="B")
    for name, nominal, ratio in (("V", 100_000, 1), ("W", 100_001, 1), ("X", 10_000, 11)):
        meters.point(name, nominal=nominal, transformer_ratio=ratio)
        meters.frame("06-03 00:00", [nominal], name, interval=600)
    meters.frame("06-03 00:00", [FINE], "unknown", interval=600)
    assert meters.ratios(NEXT, WEEK) == [(1, 2)]


@pytest.mark.parametrize(("clock", "expected"), [("08:09:59", NOTHING), ("08:10", (1, 1))])
def test_a_10_minute_mean_counts_once_it_is_over(meters, clock, expected):
    meters.point(nominal=23_000)
    meters.reading("08:10", FINE, arrives=f"{DAY} 08:09", value_kind="mean", interval_seconds=600)
    assert meters.ratios(f"{DAY} {clock}", WEEK) == [expected]


@pytest.mark.parametrize(("clock", "out", "long"), [("08:15:00", 1, 0), ("08:15:01", 1, 1), ("08:22:30", 0, 0)])
def test_out_of_limits_now(meters, clock, out, long):
    meters.point()
    meters.reading("08:00", OVER)
    cells = meters.cells(f"{DAY} {clock}")
    names = ("voltage_points_out", "voltage_points_out_long")
    assert [cells[f"{name}|all|direction=over,monitoring_class=all|now"].numerator for name in names] == [out, long]
    assert cells["voltage_areas_out|all|direction=over|now"].numerator == out
    assert cells["voltage_points_silent|all|monitoring_class=all|now"].numerator == 1 - out


@pytest.mark.parametrize(
    ("clock", "out", "long", "silent"),
    [("08:15:00", 1, 0, 0), ("08:15:01", 1, 1, 0), ("08:37:29", 1, 1, 0), ("08:37:30", 0, 0, 1)],
)
def test_a_mean_speaks_on_until_the_next_is_overdue(meters, clock, out, long, silent):
    """Of 08:00 to 08:15; it came at 08:15."""
    meters.point()
    meters.reading("08:15", OVER, value_kind="mean", interval_seconds=900)
    cells = meters.cells(f"{DAY} {clock}")
    names = ("voltage_points_out", "voltage_points_out_long")
    assert [cells[f"{name}|all|direction=over,monitoring_class=all|now"].numerator for name in names] == [out, long]
    assert cells["voltage_points_silent|all|monitoring_class=all|now"].numerator == silent
    assert meters.ratios(f"{DAY} {clock}", TIME) == [(0, 900)]


def test_the_next_mean_takes_over_from_its_own_interval_on(meters):
    meters.point()
    for clock, volts in (("08:15", OVER), ("08:30", GOOD)):
        meters.reading(clock, volts, value_kind="mean", interval_seconds=900)
    assert (
        meters.cells(f"{DAY} 08:30:00")["voltage_points_out|all|direction=over,monitoring_class=all|now"].numerator == 0
    )
    meters.reading("08:45", OVER, value_kind="mean", interval_seconds=900)
    cells = meters.cells(f"{DAY} 08:45:00")
    assert cells["voltage_points_out|all|direction=over,monitoring_class=all|now"].numerator == 1
    assert cells["voltage_points_out_long|all|direction=over,monitoring_class=all|now"].numerator == 0


def test_what_was_sealed(meters):
    """Two days after its slot, what was written down before gives way to what was delivered in time."""
    meters.point()
    meters.reading("08:00", GOOD)
    meters.reading("08:00", OVER, arrives="06-05 08:00", recorded_at=rfc("06-05 07:59:59"))
    assert meters.ratios("06-05 09:00", TIME) == [(1350, 1350)]
    meters.reading("08:00", OVER, arrives="06-05 08:00")
    assert meters.ratios("06-05 09:00", TIME) == [(0, 1350)]


def test_under_another_key_nothing_is_admitted(meters):
    meters.point()
    meters.reading("08:00", OVER)
    meters.lines.again(-1)
    meters.lines.alter(-1, key="B")
    assert meters.ratios(f"{DAY} 12:00", TIME) == [(0, 1350)]


def test_the_clocks_of_one_id_in_two_areas_are_two(meters):
    """One id in two areas is two points, and in their names `/` is quoted."""
    meters.lines.area("B/1")
    for area in ("A", "B/1"):
        meters.point(area=area)
        for clock in ("08:00", "08:15"):
            meters.reading(clock, 24_500, area=area, interval_seconds=900)
    meters.cells(f"{DAY} 08:16")
    with Oracle(Settings(), list(from_files([meters.lines.file]))) as oracle:
        start = at(f"{DAY} 08:00")
        keys = {f"L15a|point/{area}/P|{start}" for area in ("A", "B%2F1")}
        assert {key for key in oracle.breaches(at(f"{DAY} 08:16")) if key.startswith("L15a")} == keys


def test_values_are_expected_from_the_day_on_that_the_network_names_months_before_the_first(meters):
    meters.point(monitored_from="2026-01-01")
    meters.frame(f"{DAY} 00:00", [GOOD] * 1440)

    kpi = "voltage_coverage|all|monitoring_class=all|"
    cells = meters.cells(NEXT)

    assert [cells[kpi + day].denominator for day in ("2026-01-01", "2026-02")] == [86_400, 28 * 86_400]
    assert f"{kpi}2025-12-31" not in cells
