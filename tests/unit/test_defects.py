"""What our code breaks on is a defect of one case, or of one cell: flagged, withdrawn once it works, never an end."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from streams import topics
from streams.agents import case_records
from streams.agents import partition as agent
from streams.cases import ledger as cases
from streams.cases.contribution import AMOUNT_MAX, Contribution, checked
from streams.cells import partials
from streams.cells.partials import Partials
from streams.cells.totals import Totals
from streams.errors import LaneBroken
from streams.kpis import KPIS
from streams.lane import producer
from streams.lane.batch import Output
from streams.lane.position import Position, TopicPosition
from streams.settings import Settings
from tests.support.installation import NOON, Installation
from tests.support.kpi_board import World


def break_on(monkeypatch, owner, name, word="bad"):
    """Let a function break on whatever names `word`, while the switch that is returned is set."""
    original, switch = getattr(owner, name), SimpleNamespace(broken=True)

    def breaking(*args, **changes):
        if switch.broken and word in repr((args, changes)):
            raise OverflowError("date value out of range")
        return original(*args, **changes)

    monkeypatch.setattr(owner, name, breaking)
    return switch


@pytest.mark.parametrize("place", ["CaseSummary", "contributes", "area_types"])
def test_a_case_that_cannot_be_published_is_flagged_and_the_others_go_on(monkeypatch, place):
    installation = Installation()
    switch = break_on(monkeypatch, case_records, place, word="bad" if place != "area_types" else "B")
    installation.outage("good")

    assert installation.outage("bad", areas=[{"area": "B bad", "customers": 10}]) == {"applied": 1}

    assert (installation.letters, installation.listed, installation.defects) == ({b"defect/outage/bad"}, {"good"}, 1)
    installation.check()
    (letter,) = [each for each in installation.written if each.key == b"defect/outage/bad" and each.headers]
    assert b"OverflowError: date value out of range" in dict(letter.headers)["__connect.errors.exception.message"]
    installation.outage("bad", "closed")
    assert not [each for each in installation.written if each.key == b"defect/outage/bad"], "published once"

    switch.broken = False
    installation.outage("bad", "closed", revision=2)

    assert (installation.letters, installation.listed, installation.defects) == (set(), {"good", "bad"}, 0)
    assert b"defect/outage/bad" not in installation.tables[installation.names.ledger]
    installation.check()


def test_a_restart_keeps_the_flag_and_another_version_takes_it_back(monkeypatch):
    installation = Installation()
    switch = break_on(monkeypatch, case_records, "CaseSummary")
    installation.outage("bad")
    installation.outage("good")

    installation.restart()

    assert (installation.letters, installation.listed, installation.defects) == ({b"defect/outage/bad"}, {"good"}, 1)
    assert not [each for each in installation.written if each.key == b"defect/outage/bad"], "published once"
    installation.check()

    switch.broken = False
    installation.restart()

    assert (installation.letters, installation.listed, installation.defects) == (set(), {"good", "bad"}, 0)
    installation.check()


def test_findings_of_a_flagged_case_are_withdrawn(monkeypatch):
    installation = Installation()
    installation.outage("bad", areas=[{"area": "nowhere", "customers": 10}])
    findings = {key for key in installation.rest[installation.names.dead_letters] if key.startswith(b"finding/")}
    assert findings

    break_on(monkeypatch, case_records, "CaseSummary")
    installation.outage("bad", "closed")

    assert installation.rest[installation.names.dead_letters].keys() == {b"defect/outage/bad"}
    installation.check()


def test_an_announcement_that_breaks_is_not_remembered_as_made(monkeypatch):
    installation = Installation()
    installation.outage("good")
    switch = break_on(monkeypatch, installation.fold.announcer, "announce")
    installation.outage("bad")

    assert installation.letters == {b"defect/outage/bad"}
    assert "outage/bad" not in installation.fold.announcer.logs
    switch.broken = False
    installation.outage("bad", "closed")
    assert installation.letters == set()
    installation.check()


@pytest.mark.parametrize(
    "contribution",
    [
        Contribution({("all|now", "customers_out|fault"): (AMOUNT_MAX + 1, 0)}),
        Contribution({("all|now", "customers_out|fault"): (0, -AMOUNT_MAX - 1)}),
        Contribution(next_due_at=10**30),
        Contribution(next_due_at="2026-06-03"),
        Contribution({("all|now", "customers_out|fault"): (None, 0)}),
    ],
)
def test_a_contribution_that_no_sum_can_hold_is_a_defect_of_its_case(monkeypatch, contribution):
    kind, installation = cases.FAMILIES["outages"], Installation()
    bad = replace(
        kind, contribution=lambda name, *rest: contribution if name == "bad" else kind.contribution(name, *rest)
    )
    monkeypatch.setitem(cases.FAMILIES, "outages", bad)
    installation.outage("good")

    installation.outage("bad")

    assert (installation.letters, installation.listed) == ({b"defect/outage/bad"}, {"good"})
    installation.check()


def test_the_greatest_amount_is_none():
    greatest = Contribution({("all|now", "m"): (AMOUNT_MAX, -AMOUNT_MAX)}, next_due_at=NOON)
    assert checked(greatest) is greatest


@pytest.mark.parametrize("name", ["decode", "admit"])
def test_what_breaks_before_the_merge_is_a_defect_of_the_record(monkeypatch, name):
    installation = Installation()
    break_on(monkeypatch, cases, name)

    assert installation.outage("bad") == {"defect": 1}
    assert installation.outage("good") == {"applied": 1}
    assert installation.listed == {"good"}


def test_a_point_that_cannot_be_published_is_flagged_and_counts_nothing(monkeypatch):
    installation = Installation("voltage")
    installation.reading("good")
    installation.reading("bad")
    for _ in range(5):
        installation.reading("good")
        installation.reading("bad")
    installation.check()
    assert installation.listed == {"good", "bad"}
    switch = break_on(monkeypatch, case_records, "CaseSummary")

    installation.reading("bad")

    (letter,) = installation.letters
    assert letter.endswith(b"bad")
    assert (installation.listed, installation.defects) == ({"good"}, 1)
    installation.check()
    for _ in range(3):
        installation.reading("good")
        installation.reading("bad")
        installation.check()
    installation.restart()
    assert (installation.letters, installation.listed, installation.defects) == ({letter}, {"good"}, 1)
    installation.check()

    switch.broken = False
    installation.reading("bad", 29_000)

    assert (installation.letters, installation.listed, installation.defects) == (set(), {"good", "bad"}, 0)
    installation.check()


def test_a_sum_that_no_record_can_hold_keeps_its_last_record_and_is_a_defect_of_its_cell():
    sums = Partials()
    sums.add(("all|now", "m"), 1, 0)
    sums.add(("all|2026-06-03", "m"), 1, 0)
    sums.take_dirty(NOON)

    sums.add(("all|now", "m"), 2**64, 0)
    sums.add(("all|2026-06-03", "m"), 1, 0)

    assert [cell for cell, _ in sums.take_dirty(NOON)] == ["all|2026-06-03"]
    assert sums.defects.keys() == {"all|now"}
    sums.add(("all|now", "m"), -(2**64), 0)
    assert sums.take_dirty(NOON)
    assert not sums.defects


@pytest.mark.parametrize("outcome", ["raises", "too large"])
def test_a_kpi_that_breaks_is_undefined_and_the_others_go_on(outcome):
    switch = SimpleNamespace(broken=True)

    def value(sums, served, original=KPIS[0].value):
        if not switch.broken:
            return original(sums, served)
        return type(original(sums, served))(2**63, 1) if outcome == "too large" else 1 // 0

    broken = KPIS[0]._replace(value=value)
    world = World(kpis=(broken, *KPIS[1:]))

    published = world.mark(NOON)

    mine = {key for key in published if key.startswith(f"{broken.name}|")}
    assert mine
    assert all(published[key]["reason"] == "defect" and published[key]["value"] is None for key in mine)
    assert all(record["reason"] != "defect" for key, record in published.items() if key not in mine)
    assert world.board.defects.keys() == mine
    assert world.mark(NOON + 1) == {}, "published once"

    switch.broken = False

    healed = world.mark(NOON + 61)
    assert mine <= healed.keys()
    assert all(healed[key]["reason"] is None and healed[key]["revision"] == 2 for key in mine)
    assert not world.board.defects


def test_a_read_time_of_which_no_kpi_can_be_made_is_flagged_and_made_good_by_the_next(monkeypatch):
    installation, totals = Installation(), Totals(1, "Asia/Shanghai", marks=False)
    fold, tries, again = installation.fold, [], []

    def evaluate(at, *_, **__):
        tries.append(at)
        if len(tries) == 1:
            raise KeyError("scope")
        fold.board.published_at = at
        return []

    monkeypatch.setattr(fold.board, "evaluate", evaluate)
    monkeypatch.setattr(fold.board, "invalidate", lambda: again.append(True))
    fold.publish(NOON, totals, (), complete=True)
    installation.outage("good")

    assert installation.letters == {b"defect/kpi/"}
    assert again == [True], "the next one evaluates every key"
    fold.publish(NOON + 1, totals, (), complete=True)
    installation.outage("other")
    assert installation.letters == set()


def test_a_case_that_no_row_can_hold_keeps_what_is_stored_and_its_last_events_are_named(monkeypatch):
    installation = Installation()
    installation.outage("good")
    installation.outage("bad")
    before = dict(installation.tables[installation.names.ledger])
    monkeypatch.setattr(partials, "RECORD_BYTES_MAX", 4000)
    many = [{"area": f"area {n}", "customers": 1} for n in range(400)]

    installation.outage("bad", areas=many, revision=2)
    installation.outage("new", areas=many)

    letters = {b"defect/unstored/outage/bad", b"defect/unstored/outage/new"}
    assert letters == installation.letters
    assert installation.tables[installation.names.ledger] == before
    assert installation.listed == {"good", "bad"}
    installation.check()
    installation.restart()
    assert installation.letters == letters, "the events are lost until they are sent again"
    installation.check()


def test_a_summary_that_no_record_can_hold_is_a_defect_of_its_case(monkeypatch):
    installation = Installation()
    installation.outage("good")
    size = max(map(len, installation.rest[installation.names.cases].values()))
    monkeypatch.setattr(partials, "RECORD_BYTES_MAX", size)

    installation.outage("bad", cause="a very long word" * 10)

    assert (installation.letters, installation.listed) == ({b"defect/outage/bad"}, {"good"})
    installation.check()


def test_a_sum_with_more_measures_than_a_record_can_hold_is_a_defect_of_its_cell(monkeypatch):
    sums = Partials()
    monkeypatch.setattr(partials, "RECORD_BYTES_MAX", 200)
    for minute in range(100):
        sums.add(("all|2026-06-03", f"arrival_minutes|{minute}"), 1, 0)

    assert sums.take_dirty(NOON) == []
    assert sums.defects.keys() == {"all|2026-06-03"}


def test_a_position_names_only_so_many_unsettled_cases_and_a_successor_publishes_all(monkeypatch):
    monkeypatch.setattr(agent, "UNSETTLED_MAX", 2)
    installation = Installation()
    installation.position.clock = "marks"
    for name in "abc":
        installation.outage(name)
    assert not installation.listed, "with marks nothing is settled between two of them"
    assert installation.position.extra["unsettled"] == {}
    assert installation.position.extra["told_with"].endswith("/unsettled")

    position = Position(1, "marks", {name: TopicPosition() for name in installation.names.families})
    position.restore(installation.position.encode())
    installation.begin(position)
    installation.fold.advance(installation.position.as_of, complete=True)
    installation.commit()

    assert installation.listed == {"a", "b", "c"}
    installation.check()


def test_what_is_written_fits_in_the_topics():
    for spec in topics.catalogue(Settings()):
        if "compact" in spec.cleanup:
            most = int(spec.configs["max.message.bytes"])
            assert partials.RECORD_BYTES_MAX < producer.VALUE_BYTES_MAX < most


async def test_a_record_that_no_broker_takes_ends_the_process_with_its_key():
    writing = producer.PartitionProducer("127.0.0.1:1", "t", 3, 1)
    with pytest.raises(LaneBroken, match=r"^l partition 3: the record b'position' has 9000000 bytes"):
        await writing._send("l", [Output("l", b"position", b"x" * 9_000_000)])
