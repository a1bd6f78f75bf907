"""A point of which too much is said: values of a day and sources are bounded, service and oracle refuse the same."""

from streams.cases import point_bounds
from streams.cases.point_bounds import VALUES_MAX
from streams.cells.partials import RECORD_BYTES_MAX
from streams.facts.profile import WIDTH
from streams.oracle import bounds
from tests.support.points import UTC_MIDNIGHT, frame, ledger, reading

LATER = UTC_MIDNIGHT + 86_400


def of_seconds(block, number=1000, **said):
    """A value each second, in the order of their blocks."""
    return frame(UTC_MIDNIGHT + block * number, [220.0] * number, interval=1, delivered=LATER, **said)


def test_a_day_takes_so_many_values_and_its_row_can_be_written(monkeypatch):
    monkeypatch.setattr(point_bounds, "VALUES_MAX", 3_000)
    points = ledger()
    records = [of_seconds(block, 100, source=source) for block in range(8) for source in ("a", "b", "c", "d")]
    counts, refused = points.apply("voltage", records, LATER)
    assert counts == {"applied": 30, "rejected": 2}
    assert {verdict.reason for _, verdict in refused} == {"case_full"}
    assert "3000 values of the UTC day, 100 more than 3000" in refused[0][1].detail
    rows = dict(points.unsaved())
    assert max(map(len, rows.values())) == 3_000 * WIDTH + 2
    assert points.apply("voltage", [of_seconds(3, 100, source="a", revision=1)], LATER)[0] == {"applied": 1}
    list(points.evaluate(LATER))
    assert points.cases["point/A/P"].findings == ("case_full",)
    again = ledger()
    again.load(rows.items(), LATER)
    assert again.apply("voltage", [of_seconds(90, 100, source="e")], LATER)[0] == {"rejected": 1}


def test_the_finding_is_still_there_after_a_restart(monkeypatch):
    monkeypatch.setattr(point_bounds, "VALUES_MAX", 5)
    points = ledger()
    points.apply("voltage", [of_seconds(0, 5), of_seconds(4, 2)], LATER)
    list(points.evaluate(LATER))
    again = ledger()
    again.load(points.unsaved(), LATER)
    assert again.cases["point/A/P"].findings == ("case_full",)


def test_what_cannot_be_written_ends_nobody(monkeypatch):
    points = ledger()
    points.apply("voltage", [of_seconds(0)], LATER)
    monkeypatch.setattr("streams.cells.partials.RECORD_BYTES_MAX", 100 * WIDTH)
    assert [key for key, _ in points.unsaved() if b"/P/" in key] == []
    assert points.unstored[0][0] == "point/A/P"


def test_the_thirty_third_source_tells_nothing():
    points = ledger()
    records = [reading(UTC_MIDNIGHT + 900 * n, 220.0, source=f"s{n}", delivered=LATER) for n in range(34)]
    assert points.apply("voltage", records, LATER)[0] == {"applied": 32, "rejected": 2}
    assert points.apply("voltage", [reading(UTC_MIDNIGHT, 221.0, source="s3", delivered=LATER)], LATER)[0] == {
        "applied": 1
    }


def test_both_have_the_same_bounds():
    assert (point_bounds.VALUES_MAX, point_bounds.SOURCES_MAX) == (bounds.POINT_VALUES, bounds.POINT_SOURCES)
    assert VALUES_MAX * WIDTH < RECORD_BYTES_MAX
