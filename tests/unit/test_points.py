"""Voltage points, exact: DOMAIN.md 1.3 and the edge cases of its section 4."""

import pytest

from schemas.event import format_instant
from streams.cases import point_settling
from streams.cases.point_contribution import day_of
from streams.cases.point_limits import limits_of, verdict_of_day
from streams.cases.points import PointLedger
from streams.cells.partials import Partials
from streams.reference.network import Network, PointInfo
from streams.reference.reference import Reference
from streams.reference.rules import Rules
from tests.support.points import AREA, DAY, MIDNIGHT, MINUTE, cell, frame, ledger, point, reading, record, run, seconds


def test_a_day_of_a_meter_with_gaps_an_outage_and_excursions():
    volts = [220.0] * 1318 + [240.0] * 30 + [190.0] * 12 + [None] * 80
    points = ledger(point())

    run(points, frame(MIDNIGHT, volts), now=MIDNIGHT + 86_400)

    found = cell(points)
    assert seconds(points) == {"compliant": 1318 * MINUTE, "over": 30 * MINUTE, "under": 12 * MINUTE}
    assert found["voltage_expected_seconds|D"] == 1440 * MINUTE
    assert found["voltage_rate_ppb|D"] == 969_117_647
    assert cell(points, "2026-06")["voltage_rate_ppb|D"] == cell(points, "last30d")["voltage_rate_ppb|D"] == 969_117_647


IRREGULAR = [(0, 220), (15, 221), (30, 240), (31, 241), (32, 240), (33, 239), (45, 222)]


def test_time_counts_not_samples():
    points = ledger(point())

    run(
        points,
        *(reading(MIDNIGHT + MINUTE * minute, volts, phase="A") for minute, volts in IRREGULAR),
        now=MIDNIGHT + 3600,
    )

    assert seconds(points) == {"compliant": 2700, "over": 900}
    assert cell(points)["voltage_rate_ppb|D"] == 750_000_000


def test_a_corrected_value_takes_the_place_of_the_first_and_a_repetition_changes_nothing():
    points, now = ledger(), MIDNIGHT + 3600
    wrong, right = reading(MIDNIGHT, 241), reading(MIDNIGHT, 231, revision=2)

    counts, _ = run(points, right, wrong, right, now=now)

    assert counts == {"applied": 1, "stale": 1, "duplicate": 1}
    assert seconds(points) == {"compliant": 1350}


def test_without_a_revision_what_was_written_down_later_holds():
    points = ledger()

    run(
        points,
        reading(MIDNIGHT, 220, recorded_at=MIDNIGHT + 2, delivered=MIDNIGHT + 9),
        reading(MIDNIGHT, 241, recorded_at=MIDNIGHT + 1, delivered=MIDNIGHT + 9),
        now=MIDNIGHT + 3600,
    )

    assert seconds(points) == {"compliant": 1350}


@pytest.mark.parametrize(
    ("volts", "verdict"),
    [
        (235.4, "compliant"),
        (198.0, "compliant"),
        (235.41, "over"),
        (197.99, "under"),
        (0, "suspect"),
        (43.99, "suspect"),
        (44.0, "under"),
        (440.0, "suspect"),
        (439.99, "over"),
    ],
)
def test_limits_are_inclusive_and_absurd_values_are_suspect(volts, verdict):
    points = ledger()

    run(points, reading(MIDNIGHT, volts), now=MIDNIGHT + 3600)

    assert seconds(points) == {verdict: 1350}
    assert ("findings|voltage_suspect" in cell(points, "now")) == (verdict == "suspect")


@pytest.mark.parametrize(
    ("nominal", "ratio", "limits"),
    [
        (22_000, 1, (19_800, 23_540, False, True)),
        (38_000, 1, (35_340, 40_660, False, True)),
        (10_000, 100, (9_300, 10_700, False, False)),
        (5_770, 100, (5_367, 6_173, False, False)),
        (10_000, 350, (0, 0, True, False)),
    ],
)
def test_limits_follow_the_primary_voltage(nominal, ratio, limits):
    assert limits_of(PointInfo("D", nominal, ("A",), ratio, None), None, Rules())[1:] == limits


def test_a_setting_holds_over_the_standard():
    rules = Rules(voltage_limits={22_000: (20_900, 23_100)})

    assert limits_of(PointInfo("D", 22_000, ("A",), 1, None), None, rules)[1:] == (20_900, 23_100, False, True)


@pytest.mark.parametrize(
    ("greatest", "least", "verdict"),
    [(3640, 3300, 1), (3680, 3300, 3), (3780, 3605, 1), (3860, 3605, 2), (3395, 3100, 3)],
)
def test_from_35_kv_on_a_day_is_judged_as_a_whole(greatest, least, verdict):
    assert verdict_of_day(greatest, least, 3500) == verdict


def test_a_floating_day_is_provisional_until_it_is_over():
    points = ledger(point(nominal_centivolts=3500, transformer_ratio=1000))
    hours = [36.4] * 12 + [33.0] * 12

    run(points, frame(MIDNIGHT, hours, 3600), now=MIDNIGHT + 86_400)
    assert seconds(points) == {"compliant": 86_400}
    run(points, frame(MIDNIGHT, [36.8], 3600, revision=1), now=MIDNIGHT + 86_401)
    assert seconds(points) == {"under": 86_400}


def test_a_backlog_fills_the_time_it_speaks_of():
    points, three = ledger(), MIDNIGHT + 3 * 3600

    run(points, now=three)
    assert seconds(points) == {}
    late = [reading(MIDNIGHT + 900 * n, 220, delivered=three) for n in range(12)]
    run(points, *late, now=three + 1)

    assert seconds(points) == {"compliant": 3 * 3600}


def test_without_values_there_is_no_rate_and_the_point_is_silent():
    points = ledger(point(), point("Q"))

    run(points, reading(MIDNIGHT, 220), now=MIDNIGHT + 300)

    assert cell(points)["voltage_points|D"] == 1
    assert cell(points, "now")["voltage_points_silent|D"] == 1
    assert cell(points, "now")["voltage_points_known|D"] == 2


MEAN_FACTS = {"value_kind": "mean", "stamp": "end", "interval_seconds": 900}
HOLDS_UNTIL = MIDNIGHT + 900 + 1350  # the end of its interval, and one and a half intervals


@pytest.mark.parametrize("now", [MIDNIGHT + 900, MIDNIGHT + 901, HOLDS_UNTIL - 1, HOLDS_UNTIL])
def test_a_mean_speaks_of_now_until_the_next_is_overdue(now):
    points = ledger(point())

    _, evaluation = run(points, reading(MIDNIGHT + 900, 240, **MEAN_FACTS), now=MIDNIGHT + 900)
    evaluation = [*evaluation, *run(points, now=now)[1]]

    speaks = now < HOLDS_UNTIL
    silent = cell(points, "now").get("voltage_points_silent|D", 0)
    assert (cell(points, "now").get("voltage_points_out|over|D", 0), silent) == (int(speaks), int(not speaks))
    assert cell(points, "now").get("voltage_points_out_long|over|D", 0) == (speaks and now > MIDNIGHT + 900)
    assert evaluation[0].contribution.summary["value_centivolts"] == 24_000
    assert seconds(points) == {"over": 900}


def test_a_later_mean_ends_what_the_one_before_says():
    points = ledger(point())

    run(points, reading(MIDNIGHT + 900, 240, **MEAN_FACTS), now=MIDNIGHT + 900)
    run(points, reading(MIDNIGHT + 1800, 220, **MEAN_FACTS), now=MIDNIGHT + 1800)

    assert cell(points, "now") == {"voltage_points_known|D": 1}


def test_phases_are_pooled():
    points = ledger(point(phases=["A", "B", "C"]))

    phases = [reading(MIDNIGHT, volts, phase=phase) for phase, volts in zip("ABC", (240, 220, 220), strict=True)]
    run(points, *phases, now=MIDNIGHT + 900)

    assert cell(points)["voltage_rate_ppb|D"] == 666_666_667
    assert cell(points, "now")["voltage_points_out|over|D"] == 1


@pytest.mark.parametrize("code", range(20))
def test_qualities_decide_what_is_monitored(code):
    points = ledger()

    run(points, reading(MIDNIGHT, 220, qualities=[code]), now=MIDNIGHT + 3600)

    assert seconds(points) == {"compliant" if code in (0, 7, 14, 17, 18, 19) else "excluded": 1350}


def test_a_replaced_meter_goes_on_without_double_minutes():
    points = ledger()
    old = [reading(MIDNIGHT + 900 * n, 220, source="old") for n in range(3)]
    new = [reading(MIDNIGHT + 900 * n, 220, source="new") for n in range(1, 4)]

    run(points, *old, *new, now=MIDNIGHT + 3600)

    assert seconds(points) == {"compliant": 3600}


def test_out_for_more_than_a_quarter_of_an_hour_is_long():
    points = ledger()

    run(points, reading(MIDNIGHT, 240), reading(MIDNIGHT + 600, 241), now=MIDNIGHT + 900)
    assert "voltage_points_out_long|over|D" not in cell(points, "now")
    assert cell(points, "now")["voltage_areas_out|over"] == 1
    run(points, now=MIDNIGHT + 901)
    assert cell(points, "now")["voltage_points_out_long|over|D"] == 1
    run(points, now=MIDNIGHT + 600 + 1350)
    assert cell(points, "now") == {"voltage_points_known|D": 1, "voltage_points_silent|D": 1}


def test_a_point_out_of_its_limits_has_a_summary_until_it_is_back():
    points = ledger()

    _, (told,) = run(points, reading(MIDNIGHT, 240), now=MIDNIGHT + 60)
    assert (told.contribution.summary["state"], told.summary_before) == ("over", False)
    _, (told,) = run(points, reading(MIDNIGHT + 120, 220), now=MIDNIGHT + 180)
    assert (told.contribution.summary, told.summary_before) == ({}, True)


def test_a_point_that_nobody_knows_counts_where_its_event_says():
    points = ledger()

    run(points, reading(MIDNIGHT, 220, name="X"), now=MIDNIGHT + 60)

    found = cell(points, "now", "region=north")
    assert found["findings|point_not_in_network"] == found["findings|nominal_unknown"] == 1
    assert found["voltage_points_known|unknown"] == 1


def test_what_a_terminal_counted_is_compared_with_ours():
    points = ledger()
    said = {"event_type": "daily_statistics", "area": "A", "point": "P", "source": "t", "day": DAY}
    said |= {"recorded_at": format_instant(MIDNIGHT), "over_minutes": 15, "under_minutes": 0}

    run(points, frame(MIDNIGHT, [220] * 1440), now=MIDNIGHT + 86_400)
    run(points, record(said | {"monitored_minutes": 1440}, MIDNIGHT + 86_400), now=MIDNIGHT + 86_401)

    assert cell(points, "now")["findings|statistics_differ"] == 1


def test_a_ledger_that_begins_in_1970_does_not_look_at_every_day_since(monkeypatch):
    looked_at = []
    monkeypatch.setattr(point_settling, "day_of", lambda *said: looked_at.append(said) or day_of(*said))
    points = ledger(point(monitored_from=None))
    points.load((), 0)
    run(points, reading(MIDNIGHT, 230), now=0)

    run(points, now=MIDNIGHT + 3600)

    assert len(looked_at) < 10


def test_after_a_restart_the_summary_of_a_point_that_moves_away_is_withdrawn():
    """And its findings: what was told before the restart is not known any more."""
    before = ledger(point(area="B"))
    run(before, reading(MIDNIGHT, 220, nominal_centivolts=22_000), now=MIDNIGHT)
    after = PointLedger(Partials(), before.reference, lambda _: True)
    after.load(list(before.unsaved()), MIDNIGHT)

    after.refer(Reference(Network.from_records([AREA, point()]), Rules()))
    evaluation = {each.case.area: each for each in after.evaluate(MIDNIGHT + 300)}

    assert evaluation["A"].contribution.findings == ()
    assert evaluation["A"].contribution.summary == {}
    assert evaluation["A"].summary_before
    assert "point_not_in_network" in evaluation["A"].findings_before


def test_after_a_restart_what_still_holds_is_told_again():
    before = ledger(point(area="B"))
    run(before, reading(MIDNIGHT, 220, nominal_centivolts=22_000), now=MIDNIGHT)
    after = PointLedger(Partials(), before.reference, lambda _: True)
    after.load(list(before.unsaved()), MIDNIGHT, before.unsettled())

    evaluation = next(each for each in after.evaluate(MIDNIGHT + 300) if each.case.area == "A")

    assert evaluation.contribution.findings == ("point_not_in_network",)
    assert "point_not_in_network" not in evaluation.findings_before
    assert after.unsettled() == {}
