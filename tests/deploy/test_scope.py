"""docs/scope.md speaks of KPIs that exist, and of all of them."""

import re

from deploy import scope_page
from streams.kpis import KPIS

NAMES = {kpi.name for kpi in KPIS}


def test_every_kpi_has_its_place_among_elements_and_pillars():
    matrix = scope_page.render().partition("## The loop")[0]

    assert set(re.findall(r"`([a-z0-9_]+)`", matrix)) >= NAMES


def test_the_loop_names_kpis_that_exist():
    measured = " ".join(measured for _, measured, _ in scope_page.LOOP)

    assert set(re.findall(r"`([a-z0-9_]+)`", measured)) <= NAMES


def test_what_a_kpi_measures_is_not_called_missing():
    before, after = scope_page.missing(["saidi"]), scope_page.missing(["saidi", "asai"])

    assert [what for what, _ in before if "ASAI" in what]
    assert not [what for what, _ in after if "ASAI" in what]
    assert len(after) == len(before) - 1
