"""DOMAIN.md 1.1: the canonical data set R, exact."""

import pytest

from streams.cases.registry import OUTAGE
from tests.support.lives import NETWORK, look, outage, value
from tests.support.outages import LATER, o1, o2

N_T = 10_000


def o3():
    return [outage("started", "15 09:00", kind="planned", areas={"A": 500}), outage("restored", "15 13:00")]


def o4():
    """A recloser: out, back and out again, three times within two minutes."""
    return [
        event
        for cycle, (off, on) in enumerate([("00", "20"), ("40", "50")], 1)
        for event in (
            outage("started", f"20 10:00:{off}", cycle=cycle, areas={"A": 2000}),
            outage("restored", f"20 10:00:{on}", cycle=cycle),
        )
    ] + [
        outage("started", "20 10:01", cycle=3, areas={"A": 2000}),
        outage("restored", "20 10:02", cycle=3),
    ]


def o5():
    return [outage("started", "21 10:00", areas={"A": 300}), outage("restored", "21 10:04")]


def totals(kind: str, *lifecycles) -> tuple[int, int]:
    """CI and CMI over the whole of June."""
    ci = seconds = 0
    for lifecycle in lifecycles:
        for (cell, measure), (fixed, rate) in look(OUTAGE, lifecycle, LATER).measures.items():
            assert rate == 0
            if cell.startswith("all|"):
                ci += fixed if measure == f"customer_interruptions|{kind}" else 0
                seconds += fixed if measure == f"interruption_seconds|{kind}" else 0
    assert seconds % 60 == 0
    return ci, seconds // 60


@pytest.mark.parametrize(
    ("lifecycle", "kind", "ci", "cmi"),
    [
        (o1, "fault", 1000, 75_000),
        (o2, "fault", 200, 24_000),
        (o3, "planned", 500, 120_000),
        (o4, "fault", 0, 0),
        (o5, "fault", 0, 0),
    ],
)
def test_customer_minutes_of_r(lifecycle, kind, ci, cmi):
    assert totals(kind, lifecycle()) == (ci, cmi)


def test_saidi_saifi_caidi_rows_of_ieee_1366():
    assert NETWORK.served("region=north,area_type=urban", "2026-06-03") == N_T
    ci, cmi = totals("fault", o1(), o2(), o3(), o4(), o5())
    assert (ci, cmi) == (1200, 99_000)
    assert (ci / N_T, cmi / N_T, cmi / ci) == (0.12, 9.9, 82.5)
    planned_ci, planned_cmi = totals("planned", o1(), o2(), o3(), o4(), o5())
    ci, cmi = ci + planned_ci, cmi + planned_cmi
    assert (ci, cmi) == (1700, 219_000)
    assert (ci / N_T, cmi / N_T, round(cmi / ci, 2)) == (0.17, 21.9, 128.82)


@pytest.mark.parametrize(
    ("now", "out", "cmi"),
    [("03 08:50", 400, 44_000), ("03 10:00", 100, 63_000), ("03 12:00", 0, 75_000), ("04 12:00", 0, 75_000)],
)
def test_live_values_of_o1(now, out, cmi):
    seen = look(OUTAGE, o1(), now)
    assert value(seen, "customers_out|fault", "all|now") == out
    assert value(seen, "interruption_seconds|fault", "all|2026-06-03", now) == cmi * 60
    assert seen.summary["customer_seconds_out"] == cmi * 60


def test_a_live_value_grows_without_events():
    seen = look(OUTAGE, o1()[:2], "03 08:50")
    assert value(seen, "interruption_seconds|fault", "all|2026-06-03", "03 08:50") == 44_000 * 60
    assert value(seen, "interruption_seconds|fault", "all|2026-06-03", "03 08:51") == 44_400 * 60


def test_restoration_takes_240_minutes():
    seen = look(OUTAGE, o1(), LATER)
    for scope in ("all", "region=north", "region=north,area_type=urban"):
        assert value(seen, "restorations|fault", f"{scope}|2026-06-03") == 1
        assert value(seen, "restoration_seconds|fault", f"{scope}|2026-06-03") == 240 * 60
        assert value(seen, "restoration_minutes|fault|240", f"{scope}|2026-06-03") == 1
