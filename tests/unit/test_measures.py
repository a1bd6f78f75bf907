"""Every measure is registered, and cells, windows and KPIs follow its entry in the registry."""

from itertools import takewhile
from types import SimpleNamespace

import orjson
import pytest

from schemas import codec
from streams.cases.ledger import Ledger
from streams.cases.points import PointLedger
from streams.cells.partials import Partials
from streams.kpis import KPIS
from streams.kpis.variants import variants
from streams.measures import MEASURES, Measure, head_and_minute, is_distribution, is_per_period, name_of
from streams.reference.network import Network
from streams.reference.reference import Reference
from streams.reference.rules import Rules
from streams.simulator.generate import generate
from streams.simulator.grid import build
from streams.simulator.rates import USUAL
from streams.wiring.names import FAMILIES

BY_NAME = {measure.name: measure for measure in MEASURES}
# Not of a KPI: findings are counted for their letters, the other two are sums that a reader of partials wants whole.
UNREAD = {"findings", "voltage_points_known", "voltage_suspect_seconds"}
MIDNIGHT = 1_780_416_000  # 2026-06-03T00:00:00+08:00
NETWORK = Network.from_records(codec.decode("network", orjson.dumps(record)).event for record in build(7).records)


def unregistered(names):
    return {name_of(name) for name in names} - BY_NAME.keys()


def contributed(ledger, families):
    """The names of all measures in the sums of some hours of simulated events."""
    until, names = MIDNIGHT + 3 * 3600, set()
    messages = generate(7, MIDNIGHT, rates=USUAL.only(*families).times(3))
    for number, message in enumerate(takewhile(lambda message: message.at < until, messages)):
        value = message.value if isinstance(message.value, bytes) else orjson.dumps(message.value)
        record = SimpleNamespace(
            key=message.key.encode(), value=value, timestamp=message.at * 1000, offset=number, headers=()
        )
        ledger.apply(message.family, [record], message.at)
    for at in range(MIDNIGHT, until + 1, 3600):
        ledger.due(at)
        list(ledger.evaluate(at))
        names |= {name for measures in ledger.partials.sums.values() for name in measures}
    return names


@pytest.mark.parametrize("role", ["cases", "voltage"])
def test_contributed_measures_are_registered(role):
    reference, partials = Reference(NETWORK, Rules()), Partials()
    ledger = Ledger(partials, reference) if role == "cases" else PointLedger(partials, reference, lambda _area: True)
    names = contributed(ledger, FAMILIES[role].values())
    assert len({name_of(name) for name in names}) > 9
    assert not unregistered(names)


def test_an_unregistered_measure_is_found():
    assert unregistered({"customers_out|fault", "customers_warm|fault"}) == {"customers_warm"}


def test_measures_of_kpis_are_registered_and_unused_measures_are_named():
    read = {name_of(head) for kpi in KPIS for variant in variants(kpi) for head in variant.reads}
    assert read <= BY_NAME.keys()
    assert BY_NAME.keys() - read == UNREAD


def test_every_measure_is_registered_once_with_its_unit():
    assert len(BY_NAME) == len(MEASURES)
    assert all(measure.unit and "|" not in measure.name for measure in MEASURES)


def test_the_registry_decides_and_not_the_name():
    assert is_distribution("arrival_minutes|38")
    assert head_and_minute("restoration_minutes|fault|120") == ("restoration_minutes|fault", 120)
    assert not is_distribution("waiting_minutes|38")
    assert head_and_minute("complaints_open_by_age|7") is None
    assert is_per_period("voltage_rate_ppb|A")
    assert not is_per_period("voltage_points_out|over|A")
    assert Measure("waiting_minutes", "orders").sums == "additive"
