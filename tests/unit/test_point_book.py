"""What a source gives each of its statements anew, as a revision that is a time, does not stay in memory or ledger."""

import gc

import pytest

from streams.cases import point_sweep
from streams.errors import LaneBroken
from streams.facts import book, sealed
from streams.facts.book import Book, Numbered
from streams.facts.profile import DAY
from tests.support.points import MIDNIGHT, frame, ledger, reading

MINUTES = 20
NOW_MS = 1_780_000_000_000


def corrections(number, volts=220.0, **said):
    """The same intervals, each with a revision that nothing else has."""
    delivered = MIDNIGHT + 3600 + number
    return [
        reading(
            MIDNIGHT + 60 * minute,
            volts,
            interval_seconds=60,
            revision=NOW_MS + 100 * number + minute,
            recorded_at=delivered,
            delivered=delivered,
            **said,
        )
        for minute in range(MINUTES)
    ]


class Life:
    """A ledger and its rows."""

    def __init__(self):
        self.points, self.rows, self.now = ledger(), {}, 0

    def send(self, records, now):
        self.now = now
        counts, refused = self.points.apply("voltage", records, now)
        assert not refused
        list(self.points.evaluate(now))
        self.save()
        return counts

    def save(self):
        self.rows.update(self.points.unsaved())

    def restart(self):
        self.points = ledger()
        self.points.load(self.rows.items(), self.now)


@pytest.fixture
def few(monkeypatch):
    monkeypatch.setattr(book, "FEWEST", 30)


def test_the_same_intervals_corrected_again_and_again_leave_what_one_correction_does(few):
    life, once = Life(), Life()
    sizes = []
    for number in range(1, 46):
        life.send(corrections(number, 200.0 + number / 4), MIDNIGHT + 3600 + number)
        if number % 15 == 0:
            life.restart()
            life.send(corrections(number), life.now + 1)  # what it reads again is no news
            gc.collect()
            sizes.append(len(gc.get_objects()))
    once.send(corrections(45, 211.25), MIDNIGHT + 3600 + 45)

    assert life.points.partials.sums == once.points.partials.sums
    of_points = ({key: len(row) for key, row in each.rows.items() if key[:5] == b"point"} for each in (life, once))
    assert next(of_points) == next(of_points)
    in_use, most = MINUTES, 3 * MINUTES  # a reading makes a number for each rank
    assert len(life.points._book.tags.items) <= 2 * in_use + 30 + most
    assert len(life.points._intake.voices) <= 2 * in_use + 30 + most
    assert sizes[2] - sizes[0] < 100


def test_records_after_a_restart_are_decided_as_ever(few):
    life = Life()
    for number in range(10):
        life.send(corrections(number), MIDNIGHT + 3600 + number)
    life.restart()

    assert life.send(corrections(9), life.now + 1) == {"duplicate": MINUTES}
    assert life.send(corrections(5, 190.0), life.now + 1) == {"stale": MINUTES}
    assert life.send(corrections(10), life.now + 1) == {"applied": MINUTES}
    assert life.send(corrections(9), life.now + 1) == {"stale": MINUTES}


def test_words_that_are_on_no_list_leave_nothing(monkeypatch):
    monkeypatch.setattr(point_sweep, "VOICES_MAX", 30)
    life = Life()

    for number in range(100):
        life.send([reading(MIDNIGHT + 60 * number, 220.0, phase=f"L{number}")], MIDNIGHT + 60 * number)

    assert len(life.points._intake.voices) <= 31


def test_a_day_that_could_not_be_written_keeps_its_numbers(few, monkeypatch):
    life = Life()
    life.send(corrections(0), MIDNIGHT + 3600)
    with monkeypatch.context() as patch:
        patch.setattr("streams.cells.partials.RECORD_BYTES_MAX", 100)
        life.send(corrections(1), MIDNIGHT + 3601)
    assert life.points.unstored

    for number in range(2, 9):
        life.send([*corrections(number, name="Q")], MIDNIGHT + 3600 + number)

    assert not life.points._book.tags.free


def test_a_number_is_given_again_only_to_what_comes_next():
    table = Numbered()
    assert [table.number((item,)) for item in "abc"] == [0, 1, 2]
    assert [*table.fresh()] == [(0, ("a",)), (1, ("b",)), (2, ("c",))]
    table.keep({1}, 0)

    assert table.number(("c",)) == 2  # it is in use again, and its row is there
    assert table.number(("d",)) == 0
    assert table.number(("a",)) == 3

    assert [*table.fresh()] == [(0, ("d",)), (3, ("a",))]
    assert table.items == [("d",), ("b",), ("c",), ("a",)]


def test_what_is_new_and_free_at_once_has_a_row_all_the_same():
    table = Numbered()
    table.number(("a",))
    table.keep(set(), 0)

    assert table.number(("a",)) == 0
    assert [*table.fresh()] == [(0, ("a",))]


def sealed_life():
    """A day of a source whose revisions are times, sealed."""
    life = Life()
    for minute in range(100):
        at = MIDNIGHT + 60 * minute
        life.send([reading(at, 220.0, interval_seconds=60, revision=1_000 * at)], at)
    life.points.due(MIDNIGHT + 5 * DAY)
    life.points.evaluate_again(["point/A/P"])
    list(life.points.evaluate(MIDNIGHT + 5 * DAY))
    life.now = MIDNIGHT + 5 * DAY
    life.save()
    return life


def test_revisions_of_sealed_values_stand_in_the_day_and_not_in_the_book():
    life = sealed_life()
    point = life.points.cases["point/A/P"]

    (day,) = point.days.values()
    assert isinstance(day, bytes)
    assert len(day) == 4 + 100 * 16
    assert len(life.points._book.styles.items) == 1
    (row,) = (row for key, row in life.rows.items() if key.startswith(b"point/A/P/2"))
    assert row == b"\x02s" + day  # programs of before refuse it by its first byte


@pytest.mark.parametrize("restarted", [False, True])
def test_late_versions_of_sealed_values_are_decided_by_their_revisions(restarted):
    life = sealed_life()
    if restarted:
        life.restart()
    at = MIDNIGHT + 600

    def late(revision, recorded_at=at):
        return [reading(at, 240.0, revision=revision, interval_seconds=60, recorded_at=recorded_at, delivered=life.now)]

    assert life.send(late(1_000 * at - 1, life.now - 1), life.now + 1) == {"stale": 1}
    assert life.send(late(1_000 * at), life.now + 1) == {"stale": 1}  # delivered after the sealing: rank 0
    assert life.send(late(1_000 * at + 1), life.now + 1) == {"applied": 1}
    assert life.send(late(1_000 * at + 1), life.now + 1) == {"duplicate": 1}
    assert life.points.partials.sums["all|2026-06-03"]["voltage_over_seconds|D"] == (60, 0)


def test_days_of_before_with_revisions_in_their_styles_are_read(monkeypatch):
    monkeypatch.setattr(sealed, "STYLED_REVISIONS", 1 << 60)
    life = sealed_life()
    sums = life.points.partials.sums
    monkeypatch.undo()
    life.restart()

    assert {key: value for key, value in life.rows.items() if value[:2] == b"\x02s"} == {}
    assert life.points.partials.sums == sums
    late = frame(MIDNIGHT, [240.0], 60, revision=1, delivered=life.now)
    assert life.send([late], life.now) == {"stale": 1}


def test_a_book_with_a_row_missing_is_refused_with_a_sentence():
    life = Life()
    life.send(corrections(0), MIDNIGHT + 3600)
    del life.rows[b"book/tags/1"]

    with pytest.raises(LaneBroken, match=r"row book/tags/1 of the voltage ledger is missing.*gridpulse rebuild"):
        life.restart()


def test_the_greatest_version_of_one_source_holds():
    page = Book()
    older, newer = (page.tags.number((revision, 1, (), 60, False, 90)) for revision in (8, 9))

    assert page.version(older, 100, 0) < page.version(newer, 0, 0)
