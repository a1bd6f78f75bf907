"""What is published at each mark does not depend on where a worker died and another one took over."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from streams.dimensions.periods import day_start
from streams.kpis import KPIS
from streams.reference.network import EMPTY_NETWORK
from tests.support.kpi_board import World, network

ZONE = "Asia/Shanghai"
BEGIN = day_start("2026-06-30", ZONE) + 86_400 - 120  # two minutes before the end of a day and a month
DAYS = ("now", "2026-06-01", "2026-06-30", "2026-07-01")
NETWORKS = (
    EMPTY_NETWORK,
    network(("a", "north", "urban", "2026-05-01", 100)),
    network(("a", "north", "urban", "2026-06-02", 100), ("b", "south", "rural", "2026-05-01", 50)),
)
MEASURES = (
    "interruption_seconds|fault",
    "interruption_seconds|planned",
    "customer_interruptions|fault",
    "restorations|fault",
    "restoration_minutes|fault|7",
    "arrivals_due",
)

# What reads a measure that grows by itself while an interruption goes on.
GROWING = {kpi.name for kpi in KPIS if "interruption_seconds" in kpi.measures}

dated = st.tuples(
    st.tuples(
        st.sampled_from([f"{scope}|{day}" for scope in ("all", "region=north") for day in DAYS[1:]]),
        st.sampled_from(MEASURES),
    ),
    st.integers(0, 3),
)
live = st.tuples(
    st.tuples(st.sampled_from(["all|now", "region=west|now"]), st.just("customers_out|fault")), st.integers(0, 3)
)


@st.composite
def contributions(draw):
    result = {key: (amount, 0) for key, amount in draw(st.lists(st.one_of(dated, live), max_size=4))}
    for key in list(result):
        if key[1].startswith("interruption_seconds"):
            result[key] = (result[key][0], draw(st.integers(0, 1)))
    return result


@st.composite
def steps(draw):
    """What happens before each mark, how much later the mark is, and whether the worker dies after it."""
    gaps = st.sampled_from([1, 1, 2, 5, 30, 60, 90, 3600, 90_000])
    step = st.tuples(
        gaps,
        st.dictionaries(st.sampled_from("abc"), contributions(), max_size=2),
        st.one_of(st.none(), st.none(), st.sampled_from(NETWORKS)),
        st.booleans(),
    )
    return draw(st.lists(step, min_size=2, max_size=10))


OPEN = {
    ("all|2026-06-30", "interruption_seconds|fault"): (0, 1),
    ("all|2026-06-30", "customer_interruptions|fault"): (1, 0),
}
OPEN_IN_JULY = {(cell.replace("06-30", "07-01"), measure): amount for (cell, measure), amount in OPEN.items()}
AS_LONG_AS_BEFORE = {**OPEN, ("all|2026-06-30", "interruption_seconds|fault"): (-4, 1)}
MORE = {("all|2026-06-30", "interruption_seconds|planned"): (3, 0)}
BESIDE = {("all|2026-06-30", "arrivals_due"): (1, 0)}
LEFT = {("all|2026-06-01", "restorations|fault"): (1, 0)}


@example([(1, {"a": OPEN}, None, False), (30, {"b": MORE}, None, True), (12, {}, None, False)], 40, 60)
@example([(1, {"a": OPEN}, None, False), (4, {"a": AS_LONG_AS_BEFORE}, None, True), (1, {}, None, False)], 1, 60)
@example([(1, {"a": OPEN}, None, False), (5, {"b": BESIDE}, None, True), (1, {}, None, False)], 1, 60)
@example([(130, {"a": OPEN_IN_JULY}, None, False), (5, {"b": LEFT}, None, True), (36, {}, None, False)], 40, 60)
@settings(max_examples=80, deadline=None)
@given(steps(), st.sampled_from([1, 3, 40]), st.sampled_from([10, 60]))
def test_restarts_do_not_show_in_what_is_published(life, publish_interval, growth_interval):
    def world() -> World:
        return World(zone=ZONE, publish_interval=publish_interval, growth_interval=growth_interval)

    steady, shaken, at = world(), world(), BEGIN
    for gap, cases, other_network, dies in life:
        at += gap
        published = []
        for runner in (steady, shaken):
            runner.network = other_network or runner.network
            for name, contribution in cases.items():
                runner.case(name, contribution)
            published.append(runner.mark(at))
        assert published[0] == published[1]
        if dies:
            shaken.restart()
    assert steady.table == shaken.table


@settings(max_examples=30, deadline=None)
@given(steps())
def test_after_a_while_the_table_is_what_a_new_board_would_publish(life):
    world, at = World(zone=ZONE), BEGIN
    for gap, cases, other_network, _ in life:
        at += gap
        world.network = other_network or world.network
        for name, contribution in cases.items():
            world.case(name, contribution)
        world.mark(at)
    world.mark(at + 60)  # the longest that growth may wait
    world.mark(at + 120)
    told = {key: record["value"] for key, record in world.table.items()}
    world.table = {}
    world.restart()
    fresh = world.mark(at + 121)
    grown = {key for key, record in fresh.items() if record and key in told and record["value"] != told[key]}
    assert fresh.keys() <= told.keys()
    assert {key.partition("|")[0] for key in grown} <= GROWING
