"""Findings that another network adds or retracts while no worker runs are published as for a live change."""

import pytest

from streams.reference.network import EMPTY_NETWORK
from tests.support.simulated_partition import MAPPED, Installation


@pytest.mark.parametrize(("before", "after"), [(EMPTY_NETWORK, MAPPED), (MAPPED, EMPTY_NETWORK)], ids=["in", "out"])
def test_a_restart_publishes_the_same_as_a_live_change(before, after):
    live, restarted = Installation(before), Installation(before)
    live.live()
    restarted.live()
    assert live.findings() == restarted.findings()

    live.refer(after)
    restarted.restart(after)

    assert live.findings() == restarted.findings()
    assert live.findings() or after is MAPPED
