"""Exactly once against the transaction protocol: answers are lost, requests come late, and no unit is ever torn."""

import pytest

from tests.simulation.__main__ import report
from tests.simulation.run import simulate

FEW, MANY = 40, 300  # enough for aiokafka's own retries to tear one


@pytest.mark.parametrize("verifies", [True, False])
def test_no_unit_is_torn_doubled_or_lost(verifies: bool):
    results = [simulate(seed, verifies=verifies) for seed in range(FEW)]
    assert not [each for each in results if each.wrong], report("with the rule", results)
    assert not [each for each in results if each.ended_without_reason], "an answered code ended the process"
    assert any(each.ends for each in results), "no request was lost: the runs prove nothing"


@pytest.mark.parametrize("verifies", [True, False])
def test_retries_under_the_same_epoch_tear_a_unit(verifies: bool):
    assert any(simulate(seed, verifies=verifies, rule=False).wrong for seed in range(MANY))


def test_a_seed_gives_the_same_run_again():
    assert simulate(7, verifies=True) == simulate(7, verifies=True)
