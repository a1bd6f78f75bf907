"""Voltage points where days, networks and the clock meet."""

from schemas.event import format_instant
from streams.dimensions.periods import day_start
from streams.reference.network import Network
from streams.reference.reference import Reference
from streams.reference.rules import Rules
from tests.support.points import AREA, DAY, MIDNIGHT, cell, frame, ledger, point, reading, record, run, seconds

NEXT = MIDNIGHT + 86_400


def statistics(day, **said):
    fixed = {"event_type": "daily_statistics", "area": "A", "point": "P", "source": "t", "day": day}
    fixed |= {"monitored_minutes": 1440, "over_minutes": 0, "under_minutes": 0}
    return record(fixed | {"recorded_at": format_instant(NEXT)} | said, NEXT)


def test_a_mean_cut_short_after_midnight_counts_on_both_days_at_once():
    points = ledger()

    run(points, frame(NEXT - 1800, [220], 3600, delivered=NEXT + 600, recorded_at=format_instant(NEXT)), now=NEXT + 600)
    assert seconds(points) == {}
    run(points, frame(NEXT + 900, [220], 900, delivered=NEXT + 1100, recorded_at=format_instant(NEXT)), now=NEXT + 1200)

    assert seconds(points) == {"compliant": 1800}
    assert seconds(points, "2026-06-04") == {"compliant": 900}
    assert points.partials.drift(anew(points)) == 0


def anew(points):
    other = ledger()
    other.load(points.unsaved(), points._settled_at)
    return other.partials.sums


def test_a_statement_on_the_last_of_all_days_flags_nothing():
    points = ledger()

    run(points, frame(MIDNIGHT, [220] * 60), statistics("2099-12-31"), now=NEXT + 1)

    assert not points.defects
    assert seconds(points) == {"compliant": 3600}


def test_what_was_said_of_days_no_longer_kept_changes_no_cell():
    points, later = ledger(point(monitored_from="2025-01-01")), MIDNIGHT + 500 * 86_400
    run(points, reading(MIDNIGHT - 86_400, 220), now=later)

    run(points, reading(MIDNIGHT, 220), now=later + 60)

    assert cell(points) == {}
    assert cell(points, "2026-06") == {}


def test_a_breakpoint_that_stays_is_remembered_once():
    points = ledger()

    for minute in range(1, 30):
        run(points, frame(MIDNIGHT + 60 * minute, [220]), now=MIDNIGHT + 60 * minute + 61)

    assert len(points._due_times) <= 2


def test_a_point_taken_off_the_network_before_it_was_heard_leaves_nothing():
    points = ledger(point(), point("Q"))
    run(points, now=MIDNIGHT)

    points.refer(Reference(Network.from_records([AREA, point()]), Rules()))
    _, evaluation = run(points, statistics(DAY, point="X"), now=MIDNIGHT + 60)

    assert [(each.case.id, each.contribution.summary) for each in evaluation] == [("Q", {})]
    assert cell(points, "now")["voltage_points_known|D"] == 1
    assert "findings|point_not_in_network" not in cell(points, "now")


def test_the_days_of_a_skipped_midnight_are_expected_in_full():
    rules = Rules(zone="Africa/Cairo")
    points = ledger(point(monitored_from="2026-04-23"), rules=rules)

    run(points, now=day_start("2026-04-25", "Africa/Cairo"))

    assert cell(points, "2026-04-24")["voltage_expected_seconds|D"] == 23 * 3600


def test_after_a_restart_with_other_limits_every_point_is_told_again_so_that_old_summaries_vanish():
    points = ledger()
    _, (told,) = run(points, reading(MIDNIGHT, 240), now=MIDNIGHT + 119)
    assert told.contribution.summary["state"] == "over"

    other = ledger(rules=Rules(voltage_limits={22_000: (19_800, 25_000)}))
    other.load(points.unsaved(), MIDNIGHT + 119)
    other.refer(other.reference)

    _, (told,) = run(other, now=MIDNIGHT + 180)
    assert (told.case.id, told.contribution.summary) == ("P", {})


def test_of_a_new_network_only_the_points_that_it_sees_otherwise_are_folded_anew():
    points = ledger(point(), point("Q"))
    run(points, frame(MIDNIGHT, [240] * 2), now=MIDNIGHT + 180)

    points.refer(Reference(Network.from_records([AREA, point(), point("Q", nominal_centivolts=38_000)]), Rules()))

    assert [point.id for point in points._marked] == ["Q"]
    assert points._points["A", "P"].view.reference is points.reference
