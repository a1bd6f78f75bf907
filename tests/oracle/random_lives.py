"""Random lives of cases, the same in every run."""

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.support.strategies import COMPLAINT_EVENTS, ORDER_EVENTS, OUTAGE_EVENTS, SUPPLY_EVENTS

LIVES = 400
FAMILIES = {
    "supply": ("outages", "grid.outages.v1", "outage_id", SUPPLY_EVENTS),
    "outages": ("outages", "grid.outages.v1", "outage_id", OUTAGE_EVENTS),
    "complaints": ("complaints", "grid.complaints.v1", "complaint_id", COMPLAINT_EVENTS),
    "repairs": ("repairs", "grid.repairs.v1", "work_order_id", ORDER_EVENTS),
}


def lives(strategy):
    """As many lives as wanted: each some events, with how much later each arrives."""
    found = []

    @settings(
        max_examples=LIVES,
        derandomize=True,
        phases=[Phase.generate],
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    @given(st.lists(st.tuples(strategy, st.integers(0, 1300)), min_size=1, max_size=8))
    def collect(life):
        found.append(life)

    collect()
    return found
