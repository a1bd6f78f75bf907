"""The end of the working calendar: known ahead, one letter for all cases, and lists that two libraries agree on."""

from datetime import date
from pathlib import Path
from types import SimpleNamespace

import orjson
import pytest
from chinese_calendar import constants

from deploy import calendar_files
from streams.agents.dead_letters import of_findings, rules_of
from streams.agents.missing_calendar import MissingCalendar
from streams.cases.contribution import Contribution
from streams.cases.findings import CALENDAR_NOT_LOADED
from streams.cases.interface import Evaluation
from streams.cells.totals import Totals
from streams.reference import calendars
from streams.reference.calendars import calendar_ends
from streams.reference.reference import Reference
from streams.reference.rules import Rules
from streams.sla.calendar import Calendar, Schedule
from streams.web.metrics import BoardCollector
from tests.support.web_board import new_board, record, status

REPO = Path(__file__).parents[2]
NOON = 1_780_459_200  # 2026-06-03T12:00:00+08:00
NEW_YEAR = 1_798_732_800  # 2027-01-01T00:00:00+08:00
REFERENCE = Reference(rules=Rules(calendar=calendars.load()))


def span(first, last):
    return Schedule((date.fromisoformat(first), date.fromisoformat(last)))


def test_the_end_is_that_of_the_lists_without_a_gap():
    lists = Calendar(
        (span("2026-01-01", "2026-06-30"), span("2026-07-01", "2026-12-31"), span("2027-02-01", "2027-12-31"))
    )

    assert lists.covered_until("2026-06-03") == "2026-12-31"
    assert lists.covered_until("2027-01-15") is None
    assert lists.covered_until("2027-02-01") == "2027-12-31"
    assert Calendar().covered_until("2026-06-03") is None


def test_the_shipped_lists_end_with_2026():
    assert calendar_ends(REFERENCE, NOON) == calendar_ends(REFERENCE, NEW_YEAR - 1) == NEW_YEAR
    assert calendar_ends(REFERENCE, NEW_YEAR + 90_000) == NEW_YEAR + 86_400  # today, which has none
    assert calendar_ends(Reference(), NOON) == NOON - 43_200


def test_the_earliest_end_of_all_sources_is_exported():
    board = new_board()
    for partition, ends in enumerate((NEW_YEAR, NEW_YEAR - 86_400)):
        board.apply_partials(partition, [record("status", orjson.loads(status().value) | {"calendar_ends": ends})])

    families = {family.name: family for family in BoardCollector(board).collect()}

    (sample,) = families["gridpulse_calendar_ends_timestamp_seconds"].samples
    assert sample.value == NEW_YEAR - 86_400


def test_a_missing_calendar_is_one_letter_and_withdrawn_with_the_last_case():
    missing = MissingCalendar("letters")
    totals = Totals(1, "Asia/Shanghai", marks=False)

    def look(cases):
        measures = {f"findings|{CALENDAR_NOT_LOADED}": cases} if cases else {}
        totals.apply(0, "all|now", orjson.dumps({"v": 1, "as_of": NOON, "measures": measures}))
        return [(each.key.decode(), each.value and orjson.loads(each.value)["finding"]) for each in
                missing.letters(REFERENCE, totals, NOON)]  # fmt: skip

    assert look(0) == []
    assert look(1) == [("finding/calendar/2027-01-01", CALENDAR_NOT_LOADED)]
    assert look(2_000) == []
    assert look(0) == [("finding/calendar/2027-01-01", None)]
    assert look(0) == []


def evaluation(findings, before):
    contribution = Contribution({}, findings, None, {}, (), {}, None, compared=False)
    return Evaluation(SimpleNamespace(key="complaint/C"), contribution, before, summary_before=True)


@pytest.mark.parametrize("before", [(), (CALENDAR_NOT_LOADED,)])
def test_a_case_has_no_letter_of_a_missing_calendar(before):
    assert list(of_findings("letters", evaluation((CALENDAR_NOT_LOADED,), before), NOON)) == []
    assert list(of_findings("letters", evaluation((), before), NOON)) == []


def test_a_rebuild_retracts_no_finding_that_never_was():
    measures = {"findings|area_unknown": 2, f"findings|{CALENDAR_NOT_LOADED}": 1, "customers_out|fault": 5}
    told = rules_of(orjson.dumps({"v": 1, "as_of": NOON, "measures": measures}))

    letters = list(of_findings("letters", evaluation(("end_before_start",), ()), NOON, rules_before=told))

    assert told == {"area_unknown", CALENDAR_NOT_LOADED}
    assert [(each.key.decode().rpartition("/")[2], each.value is None) for each in letters] == [
        ("end_before_start", False), ("area_unknown", True), (CALENDAR_NOT_LOADED, True),
    ]  # fmt: skip
    assert rules_of(None) == frozenset()


def test_the_lists_are_those_of_both_libraries():
    files = {path: text() for path, text in calendar_files.rendered()}

    assert [*files] == [f"streams/sla/calendars/cn-{year}.toml" for year in (2025, 2026)]
    assert files == {path: (REPO / path).read_text("utf-8") for path in files}


def test_a_day_on_which_the_libraries_differ_stops_the_rendering(monkeypatch):
    monkeypatch.setitem(constants.workdays, date(2026, 8, 1), "nobody's")

    with pytest.raises(ValueError, match="differ on 2026-08-01"):
        calendar_files.rendered()
