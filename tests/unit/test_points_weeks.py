"""EN 50160 weeks of points, exact: DOMAIN.md 1.3.1, the last example of 1.3.2, edge case 62; weeks of any length."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.cases.point_limits import Limits, judge_of
from streams.cases.point_weeks import (
    BEYOND,
    NOT_VALID,
    OUTSIDE,
    VERDICT_BITS,
    WITHIN,
    class_of,
    judge_with_class,
    passes,
)
from streams.dimensions.periods import day_end, day_start, week_days, week_of
from streams.reference.rules import Rules
from tests.support import points as of_points
from tests.support.points import AREA, frame, point, reading, run

WEEK = "2026-W23"
MONDAY = day_start("2026-06-01", "Asia/Shanghai")
TEN_MINUTES, DAY = 600, 86_400
NOMINAL = 230
GOOD, OUT, FAR = 230, 200, 190  # within, below -10 %, below -15 %
PASSED, FAILED = {"points": 1, "passed": 1}, {"points": 1}


def ledger(*points, rules=None):
    """Weeks of any number of means."""
    return of_points.ledger(*points, rules=replace(rules or Rules(), voltage_week_min_share_percent=0))


def low(name="P", **said):
    return point(name, **{"nominal_centivolts": NOMINAL * 100, "monitored_from": None} | said)


def week(points, name=WEEK, scope="all", group="D"):
    cell = points.partials.sums.get(f"{scope}|{name}", {})
    keys = {each: f"voltage_en50160_{each}|{group}" for each in ("points", "passed", "unknown")}
    return {each: cell[key][0] for each, key in keys.items() if key in cell}


def said(volts, start=MONDAY, **how):
    """Profile frames of a day each."""
    of_a_day = 144
    return [
        frame(start + TEN_MINUTES * first, volts[first : first + of_a_day], TEN_MINUTES, phase="A", **how)
        for first in range(0, len(volts), of_a_day)
    ]


def judged(volts, start=MONDAY, **how):
    points = ledger(low())
    run(points, *said(volts, start, **how), now=start + TEN_MINUTES * len(volts) + DAY)
    return points


@pytest.mark.parametrize(
    ("valid", "outside", "beyond", "expected"),
    [
        (1000, 48, 0, True),
        (1000, 50, 0, True),
        (1000, 51, 0, False),
        (1000, 10, 1, False),
        (20, 1, 0, True),
        (19, 1, 0, False),
    ],
)
def test_a_phase_passes_with_5_percent_outside_and_none_beyond(valid, outside, beyond, expected):
    assert passes(valid, outside, beyond) is expected


@pytest.mark.parametrize(
    ("volts", "expected"),
    [
        ([GOOD] * 952 + [OUT] * 48 + [None] * 8, PASSED),
        ([GOOD] * 950 + [OUT] * 50 + [None] * 8, PASSED),
        ([GOOD] * 949 + [OUT] * 51 + [None] * 8, FAILED),
        ([GOOD] * 990 + [OUT] * 9 + [FAR] + [None] * 8, FAILED),
        ([GOOD] * 1007 + [FAR], FAILED),
        ([0] * 8 + [GOOD] * 950 + [OUT] * 50, PASSED),  # no supply is no valid mean
        ([None] * 1008, {}),
        ([0] * 1008, {}),
    ],
)
def test_a_week_of_1008_slots(volts, expected):
    """N = 1000: 48 and 50 outside pass, 51 do not; one beyond -15 % is enough."""
    assert week(judged(volts)) == expected


@pytest.mark.parametrize(
    ("centivolts", "expected"),
    [
        (20_700, WITHIN),
        (25_300, WITHIN),
        (20_699, OUTSIDE),
        (19_550, OUTSIDE),
        (19_549, BEYOND),
        (25_301, BEYOND),
    ],
)
def test_a_limit_itself_is_within(centivolts, expected):
    """230 V: 207.00 to 253.00, and 195.50 to 253.00."""
    assert class_of(centivolts, NOMINAL * 100) == expected


def test_what_its_quality_excludes_is_not_valid():
    points = judged([GOOD] * 20 + [FAR, FAR], qualities=[0] * 20 + [8, 10])
    assert week(points) == PASSED


def test_every_phase_has_to_pass():
    points = ledger(low(phases=["A", "B"]), low("Q", phases=["A", "B"]))
    bad = frame(MONDAY, [GOOD] * 18 + [OUT], TEN_MINUTES, phase="B")
    more = frame(MONDAY, [GOOD] * 40, TEN_MINUTES, phase="A")
    fine = [frame(MONDAY, [GOOD] * 19 + [OUT], TEN_MINUTES, "Q", phase=phase) for phase in "AB"]
    run(points, bad, more, *fine, now=MONDAY + DAY)
    assert week(points) == {"points": 2, "passed": 1}


@pytest.mark.parametrize(
    ("about", "values"),
    [
        ({"interval": 900}, {}),
        ({"interval": 400, "value_kind": "instantaneous"}, {}),  # held for 600 s, but no mean
        ({"interval": TEN_MINUTES, "value_kind": "instantaneous"}, {}),
        ({"interval": TEN_MINUTES}, PASSED),
    ],
)
def test_only_10_minute_means_count(about, values):
    points = ledger(low())
    run(points, frame(MONDAY, [GOOD] * 6, **about), now=MONDAY + DAY)
    assert week(points) == values


def test_single_readings_count_like_frames_and_their_stamp_is_the_end():
    points, means = ledger(low()), {"value_kind": "mean", "interval_seconds": TEN_MINUTES}
    run(points, reading(MONDAY, FAR, **means), now=MONDAY + DAY)
    assert week(points) == {}
    assert week(points, "2026-W22") == FAILED


@pytest.mark.parametrize(
    ("nominal", "ratio", "expected"),
    [(23_000, 1, PASSED), (100_000, 1, PASSED), (10_000, 10, PASSED), (100_001, 1, {}), (10_000, 11, {})],
)
def test_only_up_to_1_kilovolt(nominal, ratio, expected):
    points = ledger(low(nominal_centivolts=nominal, transformer_ratio=ratio))
    run(points, frame(MONDAY, [nominal / 100] * 3, TEN_MINUTES), now=MONDAY + DAY)
    assert week(points) == expected


def test_limits_of_ones_own_are_not_those_of_the_standard():
    points = ledger(low(), rules=Rules(voltage_limits={NOMINAL * 100: (22_900, 23_100)}))
    run(points, frame(MONDAY, [208, 252], TEN_MINUTES), now=MONDAY + DAY)
    assert week(points) == PASSED


def test_without_a_nominal_voltage_a_week_is_in_neither_number_until_it_is_said():
    points = ledger()
    run(points, frame(MONDAY, [GOOD] * 3, TEN_MINUTES, "new"), now=MONDAY + DAY)
    assert week(points, group="unknown") == {}
    run(points, frame(MONDAY + DAY, [GOOD], 900, "new", nominal_centivolts=NOMINAL * 100), now=MONDAY + 2 * DAY)
    assert week(points, group="unknown") == PASSED


@pytest.mark.parametrize(("seconds", "expected"), [(599, {}), (600, PASSED)])
def test_a_mean_counts_once_it_is_over(seconds, expected):
    points = ledger(low())
    run(points, frame(MONDAY, [GOOD], TEN_MINUTES, delivered=MONDAY + 590), now=MONDAY + seconds)
    assert week(points) == expected


def test_a_correction_replaces_a_mean_also_when_its_day_is_sealed():
    points = judged([GOOD] * 1007 + [FAR])
    now = MONDAY + 12 * DAY
    points.due(now)
    list(points.evaluate(now))
    assert all(isinstance(day, bytes) for day in points._points["A", "P"].days.values())
    assert week(points) == FAILED

    last = MONDAY + TEN_MINUTES * 1007
    run(points, frame(last, [GOOD], TEN_MINUTES, phase="A", revision=1, delivered=now), now=now + 1)

    assert week(points) == PASSED


def test_slots_lie_in_the_week_they_begin_in():
    """The last slot of Sunday fails its own week, the first of Monday the next."""
    sunday_night = MONDAY + 7 * DAY - TEN_MINUTES
    for values, expected in (([FAR, GOOD], (FAILED, PASSED)), ([GOOD, FAR], (PASSED, FAILED))):
        points = judged(values, sunday_night)
        assert (week(points), week(points, "2026-W24")) == expected


@pytest.mark.parametrize(
    ("zone", "name", "slots"),
    [
        ("Europe/Berlin", "2026-W13", 1002),  # clocks go forward on its Sunday
        ("Europe/Berlin", "2026-W43", 1014),  # and back
        ("Europe/Berlin", "2026-W53", 1008),  # 2026-12-28 to 2027-01-03
        ("Asia/Shanghai", "2026-W23", 1008),
    ],
)
def test_a_local_week_has_all_slots_of_its_seven_days(zone, name, slots):
    """All outside but so many within that one more outside slot, before or after the week, would change its verdict."""
    first, last = week_days(name, "9999")[0], week_days(name, "9999")[-1]
    start, end = day_start(first, zone), day_end(last, zone)
    assert (end - start) // TEN_MINUTES == slots
    allowed = slots // 20
    volts = [OUT] + [OUT] * allowed + [GOOD] * (slots - allowed) + [OUT]
    points = ledger(low(), rules=Rules(zone=zone))
    run(points, *said(volts, start - TEN_MINUTES), now=end + DAY)
    assert week(points, name) == PASSED

    run(points, *said([OUT], end - TEN_MINUTES, revision=1), now=end + DAY + 1)
    assert week(points, name) == FAILED


def test_a_week_is_named_by_its_thursday():
    names = {"2026-12-27": "2026-W52", "2026-12-28": "2026-W53", "2027-01-03": "2026-W53", "2027-01-04": "2027-W01"}
    assert {day: week_of(day) for day in names} == names


@given(st.integers(0, 60_000), st.sampled_from(((), (0,), (8,))), st.sampled_from((22_000, 38_000, None)))
def test_the_verdict_below_the_class_is_the_one_without(value, qualities, nominal):
    limits = Limits(nominal, 19_800, 23_540, low_voltage=True)
    code, verdict = judge_with_class(limits)(value, qualities), judge_of(limits)(value, qualities)
    assert code % 8 == verdict
    assert (code >> VERDICT_BITS != NOT_VALID) == (verdict in (1, 2, 3))


def test_scopes_are_those_of_the_point():
    points = judged([GOOD])
    for scope in ("all", "region=north", f"region=north,area_type={AREA.area_type}", "area=A"):
        assert week(points, scope=scope) == PASSED
