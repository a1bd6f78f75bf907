"""Our code breaks between the admission of values and their sums: no value is lost, and the process goes on."""

from unittest.mock import patch

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from streams.cases import point_settling, point_taking, points
from streams.cases.point_arrivals import Arrivals, Arrived
from streams.cases.point_columns import Columns
from streams.cases.point_rescue import DEFECT
from streams.cases.point_seats import Seats
from streams.cells.partials import fold
from tests.support.installation import Installation
from tests.support.point_lane import Lane, anew
from tests.support.point_lives import backlogs, bursts, lives
from tests.support.points import MIDNIGHT

# What many points go through together: of each call some fail, before or after it has done its work.
TOGETHER = (
    (point_taking, "decode_readings"),
    (Arrivals, "take"),
    (Arrivals, "unload"),
    (Arrived, "judged"),
    (Arrived, "blocks"),
    (Columns, "_moving"),
    (Columns, "_tell"),
    (Columns, "_keep"),
    (Seats, "take_in"),
    (Seats, "_take_strand"),
)
# What a point goes through by itself.
ALONE = (
    (point_settling.Settling, "_look"),
    (point_settling.Settling, "_promise"),
    (point_settling, "findings_of"),
    (points, "summary_of"),
)


class Broken(Exception):
    """What the patched function raises."""


def breaking(function, every, *, after):
    calls = iter(range(10**6))

    def broken(*args, **kwargs):
        fails = next(calls) % every == every - 1
        if fails and not after:
            raise Broken
        result = function(*args, **kwargs)
        if fails:
            raise Broken
        return result

    return broken


def held(ledger):
    return fold(ledger.present(case).measures for case in [*ledger.cases.values()])


@pytest.mark.parametrize(("where", "name"), TOGETHER, ids=lambda each: getattr(each, "__name__", each))
@given(steps=lives() | backlogs() | bursts(), every=st.integers(1, 3), after=st.booleans())
@settings(max_examples=8, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
def test_no_value_is_lost_when_what_many_points_go_through_breaks(where, name, steps, every, after):
    lane = Lane()
    with patch.object(where, name, breaking(getattr(where, name), every, after=after)):
        lane.advance(MIDNIGHT)
        for step in steps:
            lane.run([step])
            assert lane.ledger.partials.sums == held(lane.ledger)
        lane.advance(lane.now + 1)
    plain = Lane()
    plain.advance(MIDNIGHT)
    plain.run(steps)
    plain.advance(lane.now)
    assert lane.ledger.partials.sums == anew(lane) == plain.ledger.partials.sums
    assert lane.ledger.defects.keys() <= {DEFECT}
    assert not lane.ledger.unstored


@pytest.mark.parametrize(("where", "name"), ALONE, ids=lambda each: getattr(each, "__name__", each))
@given(steps=lives() | backlogs() | bursts(), every=st.integers(1, 3), after=st.booleans())
@settings(max_examples=8, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
def test_a_point_that_breaks_counts_nothing_until_it_is_settled_again(where, name, steps, every, after):
    lane = Lane()
    with patch.object(where, name, breaking(getattr(where, name), every, after=after)):
        lane.advance(MIDNIGHT)
        for step in steps:
            lane.run([step])
            counted = {key for key, case in lane.ledger.cases.items() if getattr(case, "counted", True)}
            assert counted.isdisjoint(lane.ledger.defects)
    lane.restart()
    lane.advance(lane.now + 1)
    assert lane.ledger.partials.sums == anew(lane)
    assert not lane.ledger.defects


def test_a_value_that_breaks_the_columns_is_published_as_a_defect_until_the_next_start():
    installation = Installation("voltage")
    for _ in range(3):
        installation.reading("good", 22_000)
        installation.commit(600)
    with patch.object(Columns, "_tell", breaking(Columns._tell, 1, after=False)):
        for _ in range(3):
            assert installation.reading("good", 22_000) == {"applied": 1}
            installation.commit(600)
    assert installation.letters == {b"defect/columns"}
    installation.check()
    installation.restart()
    assert installation.letters == set()
