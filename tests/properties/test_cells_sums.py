"""Sums do not depend on how cases are spread over sources, nor on the order and number of replacements."""

import orjson
from hypothesis import given
from hypothesis import strategies as st

from streams.cells.partials import Partials, fold
from streams.cells.totals import Totals
from streams.dimensions.periods import day_start
from streams.dimensions.scopes import split

ZONE = "Asia/Shanghai"
DAYS = ("now", "2026-06-02", "2026-06-03", "2026-05-04")
AT = day_start("2026-06-03", ZONE) + 3600

keys = st.tuples(
    st.sampled_from([f"{scope}|{day}" for scope in ("all", "crew=c") for day in DAYS]), st.sampled_from("mn")
)
amounts = st.tuples(st.integers(-5, 5), st.integers(0, 2))
contributions = st.dictionaries(keys, amounts, max_size=4)
CASES = 4


@st.composite
def lives(draw):
    """Each case's contributions one after another, the cases interleaved, and where each case lives."""
    histories = {case: draw(st.lists(contributions, min_size=1, max_size=4)) for case in range(CASES)}
    order = draw(st.permutations([case for case, history in histories.items() for _ in history]))
    homes = draw(st.lists(st.integers(0, 2), min_size=CASES, max_size=CASES))
    return histories, order, homes


def play(histories, order, homes, flushes):
    """Feed a Totals from three sources; a source tells what is dirty after every step that `flushes` names."""
    sources, totals = [Partials() for _ in range(3)], Totals(3, ZONE, marks=True)
    told: list[dict[str, bytes | None]] = [{}, {}, {}]
    last = {case: {} for case in histories}
    steps = {case: iter(history) for case, history in histories.items()}

    def tell(number):
        for cell, value in sources[number].take_dirty(AT):
            totals.apply(number, cell, value)
            told[number][cell] = value

    for position, case in enumerate(order):
        new = next(steps[case])
        sources[homes[case]].replace(last[case], new)
        last[case] = new
        if position in flushes:
            tell(homes[case])
    for number in range(3):
        tell(number)
        totals.apply(number, "status", orjson.dumps({"v": 1, "as_of": AT}))
    assert [at for at, _ in totals.advance()] == [AT]
    return sources, totals, told


def seen(totals):
    places = [(scope, p) for scope in ("all", "crew=c") for p in (*DAYS, "2026-05", "2026-06", "last30d")]
    return {
        place: {name: amount for name, amount in totals.measures(*place).items() if amount or totals.line(*place).rates}
        for place in places
    }


@given(lives(), st.sets(st.integers(0, 15)))
def test_totals_are_a_fold_of_the_cases(life, flushes):
    histories, order, homes = life
    _, totals, _ = play(histories, order, homes, flushes)
    last = [history[-1] for history in histories.values()]
    for cell, measures in fold(last).items():
        day = cell.partition("|")[2]
        start = 0 if day == "now" else day_start(day, ZONE)
        for name, (fixed, rate) in measures.items():
            assert totals.value(split(cell), name) == fixed + rate * (AT - start)
    one_source = play({case: [history[-1]] for case, history in histories.items()}, range(CASES), [0] * CASES, ())[1]
    assert seen(totals) == seen(one_source)


@given(lives(), st.sets(st.integers(0, 15)))
def test_recovery_tells_only_differences(life, flushes):
    histories, order, homes = life
    sources, _, told = play(histories, order, homes, flushes)
    for number, source in enumerate(sources):
        mine = [histories[case][-1] for case in range(CASES) if homes[case] == number]
        assert source.drift(fold(mine)) == 0
        recovered = Partials()
        for cell, value in told[number].items():
            recovered.load(cell, value)
        recovered.rebuild(mine)
        assert recovered == source
        assert recovered.take_dirty(AT) == []
        recovered.rebuild(mine[1:])
        differing = {
            cell
            for cell in source.sums.keys() | recovered.sums.keys()
            if source.sums.get(cell) != recovered.sums.get(cell)
        }
        assert {cell for cell, _ in recovered.take_dirty(AT)} == differing
