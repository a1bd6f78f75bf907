"""`make kpi`, `make clock`, `make event`: what is missing is named with its place, an unknown name gets a sentence."""

import io
import sys

import pytest
from rich.console import Console

from streams.kpis import KPIS
from tests.one import clock as one_clock
from tests.one import event as one_event
from tests.one import kpi as one_kpi
from tests.one.__main__ import main
from tests.one.naming import functions_naming
from tests.one.report import FAILED, MISSING, NOTE, OK, Line, show, there, unknown
from tests.one.running import ROOT, run

SAIDI = next(kpi for kpi in KPIS if kpi.name == "saidi")


def missing(lines):
    return {line.what: line.detail for line in lines if line.state == MISSING}


@pytest.mark.parametrize("kpi", KPIS, ids=lambda kpi: kpi.name)
def test_nothing_is_missing_of_any_kpi(kpi):
    assert missing(one_kpi.static(kpi, ROOT)) == {}


def test_what_a_new_kpi_lacks_is_named_with_its_place(tmp_path):
    new = SAIDI._replace(name="asai", title_zh="")
    assert missing(one_kpi.static(new, tmp_path)) == {
        "oracle": "streams/oracle/kpis/asai.sql — write it from the definition, not from the code",
        "worked example": "tests/unit/test_kpis_by_hand.py — add a line with numbers done by hand",
        "docs": "docs/kpis.md#asai — run `make render`",
        "words": "streams/kpis/asai.py — title_en and title_zh",
    }


@pytest.mark.parametrize("name", one_clock.names())
def test_nothing_is_missing_of_any_clock(name):
    assert missing(one_clock.static(name, ROOT)) == {}


def test_what_a_new_clock_lacks_is_named_with_its_place(tmp_path):
    found = missing(one_clock.static("L99", tmp_path))
    assert found.keys() == {"contract", "policy", "oracle", "words", "docs", "scenario", "KPIs"}
    assert found["policy"] == "streams/sla/policies/default.toml — add a [[clocks]] entry with its source"


@pytest.mark.parametrize(
    "name", [name for name in one_event.names() if name.partition(".")[0] in ("voltage", "network")]
)
def test_nothing_is_missing_of_any_event(name):
    """Those of cases also have to be drawn, which takes longer: `make event`."""
    assert missing(one_event.static(name, ROOT)) == {}


def test_what_an_event_lacks_is_named_with_its_place(tmp_path):
    assert missing(one_event.static("voltage.frame", tmp_path)) == {
        "valid example": "schemas/examples/grid.voltage-readings.v1/valid — write frame-<what>.json",
        "invalid example": "schemas/examples/grid.voltage-readings.v1/invalid — write frame-<what>.json",
        "oracle": "streams/oracle/admission/15_voltage.sql — write its contract as rows",
    }


@pytest.mark.parametrize(
    ("kind", "name", "sentence"),
    [
        ("kpi", "sadi", "There is no kpi 'sadi' in KPIS (streams/kpis/__init__.py). Near: saidi, saifi, caidi."),
        ("clock", "L16", "There is no clock 'L16' in ClockId (schemas/sla_breach.py). Near: "),
        (
            "event",
            "closed",
            "There is no event 'closed' in EVENTS (schemas/__init__.py). Near: outages.closed, repairs.closed, ",
        ),
        ("kpi", "", "kpi has no name here: add NAME=... There are: customers_out,"),
    ],
)
def test_an_unknown_name_gets_one_sentence_with_names_that_are_near(kind, name, sentence, capsys):
    assert main([kind, name]) == 1
    assert capsys.readouterr().out.startswith(sentence)


def test_a_name_without_any_near_gets_all_of_them():
    assert unknown("event", "x", ("one", "two"), "EVENTS") == "There is no event 'x' in EVENTS. There are: one, two."


@pytest.mark.parametrize(("state", "code"), [(OK, 0), (NOTE, 0), (MISSING, 1), (FAILED, 1)])
def test_the_end_is_red_when_something_is_missing_or_fails(state, code):
    console = Console(file=io.StringIO())
    assert show("kpi asai", [Line(OK, "a", "b"), Line(state, "oracle", "asai.sql")], console) == code
    assert f"{state:>8}  oracle: asai.sql" in console.file.getvalue()


def test_what_is_not_there_says_how_to_add_it():
    assert there("oracle", found=True, where="a.sql", add="write it") == Line(OK, "oracle", "a.sql")
    assert there("oracle", found=False, where="a.sql", add="write it") == Line(MISSING, "oracle", "a.sql — write it")


EXAMPLE = """
KEY = "saidi|all|kind=all|now"
OTHER, ROWS = "caidi", (("saifi", 1),)


def helper():
    return "saidi"


def test_by_a_text(): assert "saidi"
def test_by_a_constant(): assert KEY
def test_of_another(): assert OTHER, "saidi_new"
@parametrize("row", ROWS)
def test_by_its_parameters(row): assert row
"""


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("saidi", ["test_by_a_text", "test_by_a_constant"]),
        ("saifi", ["test_of_another", "test_by_its_parameters"]),
        ("asai", []),
    ],
)
def test_tests_are_found_by_what_they_name(name, found, tmp_path):
    (tmp_path / "test_example.py").write_text(EXAMPLE)
    names = functions_naming(tmp_path / "test_example.py", lambda text: one_kpi.is_named(text, name))
    assert set(found) <= set(names)
    assert "helper" not in names
    assert ("test_by_a_text" in names) == (name == "saidi")


def test_a_test_that_fails_is_a_line_with_its_first_sentence(tmp_path):
    """In a file of its own, with the thing that was asked for."""
    file = tmp_path / "test_failing_example.py"
    file.write_text("def test_bad(asked):\n    assert not asked, f'{asked} is wrong'\ndef test_good(asked): pass\n")
    lines = run("saidi", [file], bool, {}, 60)
    sys.modules.pop(file.stem, None)
    assert [(line.state, line.what.rpartition("::")[2]) for line in lines] == [(OK, "tests"), (FAILED, "test_bad")]
    assert "saidi is wrong" in lines[1].detail
