"""docs/mapping.md knows every field of the contracts and every KPI, and nothing else."""

from fnmatch import fnmatchcase

import pytest

from deploy.mapping_page import fields, need_of, render
from deploy.needed import CLOCKS, clocks, reading
from deploy.needs import NEEDS
from schemas import EVENTS
from streams.kpis import KPIS
from streams.measures import name_of


def test_every_family_has_needs():
    assert set(NEEDS) == {family.name for family in EVENTS}


@pytest.mark.parametrize("family", NEEDS)
def test_every_field_has_a_need_and_every_pattern_a_field(family):
    matched = {need_of(family, field) for field in fields(family)}

    assert matched == set(NEEDS[family])
    for need in NEEDS[family]:
        for pattern in need.fields:
            assert any(fnmatchcase(field, pattern) for field in fields(family)), pattern


def test_every_kpi_is_needed_by_a_field_and_no_other_is_named():
    named = {kpi for needs in NEEDS.values() for need in needs for kpi in need.kpis}

    assert named == {kpi.name for kpi in KPIS}, (
        "deploy/needed.py has the measures that a field feeds: add those of a KPI"
    )


def test_a_kpi_of_known_measures_needs_no_line():
    for kpi in KPIS:
        assert kpi.name in reading(*map(name_of, kpi.measures), role=kpi.role)


def test_what_a_clock_goes_by_is_in_the_policy():
    assert clocks("outages", "etr") == ("L7",)
    assert clocks("complaints", "working_days") == ("L19", "L21")
    assert clocks("voltage", "silent") == ("L17",)
    assert clocks("repairs", "paused") == ("L5",)
    assert not clocks("repairs", "restored")


def test_every_clock_of_the_policy_is_needed_by_a_field_and_every_need_says_what_is_lost():
    needs = [need for of_family in NEEDS.values() for need in of_family]

    assert {clock for need in needs for clock in need.clocks} == set(CLOCKS)
    assert all(need.without.endswith(".") for need in needs)


def test_every_field_stands_in_the_page():
    page = render()

    for family in EVENTS:
        section = page.split(f"## `{family.topic}`")[1].split("\n## ")[0]
        assert [field for field in fields(family.name) if f"`{field.split('.', 1)[1]}`" not in section] == []
