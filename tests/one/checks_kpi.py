"""What has to hold of any one KPI; `asked` is its name. Run by `make kpi NAME=...`, by pytest underneath."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.kpis import KPIS
from streams.kpis.kpi import Kpi, Served, Sums, Undefined
from streams.kpis.variants import variants
from streams.oracle.engine import kpi_files
from streams.web.texts import TEXTS
from tests.one.worlds import both, histories, numbered, published, world

SERVED = (
    Served(None, 1),
    Served(None, 1, missing="A"),
    Served(0, 1),
    Served(30_000, 3),
    Served(20_000, 2, "2026-06-02"),
)


@pytest.fixture(scope="session")
def kpi(asked: str) -> Kpi:
    return next(each for each in KPIS if each.name == asked)


@settings(max_examples=20, deadline=None, derandomize=True, database=None)
@given(data=st.data())
def test_order_and_repetition_change_nothing(kpi, data):
    history = data.draw(histories(kpi.role))
    again = data.draw(st.lists(st.sampled_from(history), max_size=4))
    other = data.draw(st.permutations(history + again))
    assert published([kpi], numbered(history)) == published([kpi], numbered(other))


def test_the_oracle_counts_the_same_on_random_lives(kpi):
    assert kpi.name in kpi_files(), f"streams/oracle/kpis/{kpi.name}.sql is missing"
    differences, present = both([kpi], world(kpi.role))
    assert not differences, f"service and SQL differ on {differences[0].key}: {differences[0].fields}"
    assert present, "the random lives of tests/one/worlds.py never reach this KPI: add what it counts"


def test_every_reason_has_words_in_both_languages(kpi):
    reasons = set()
    for variant in variants(kpi):
        for served in SERVED:
            for amount in (0, 1):
                outcome = kpi.value(Sums(dict.fromkeys(variant.reads, amount), variant.heads), served)
                if isinstance(outcome, Undefined):
                    reasons.add(outcome.reason.replace(": area A", ": area"))
    lacking = sorted(reason for reason in reasons if not all(TEXTS.get(f"reason.{reason}", ("", ""))))
    assert not lacking, f"no words in streams/web/messages/reasons.py for {lacking}"
