"""What has to hold of any one type of event; `asked` is `family.type`. Run by `make event NAME=...`, by pytest."""

from hypothesis import given, settings
from hypothesis import strategies as st

from streams.kpis import KPIS
from tests.one.worlds import CASES, LIVES_EACH, STORIES, both, drawn, numbered, of_life, of_type, published

KPIS_OF_CASES = [kpi for kpi in KPIS if kpi.role == "cases"]


def lives(asked: str):
    """Lives in which the event comes, each event with how many seconds after noon it arrives."""
    family, _, tag = asked.partition(".")
    events = CASES[family][2]
    this = st.sampled_from(of_type(family, tag))
    begins = st.just(()) | st.sampled_from(STORIES[family])
    delays = st.integers(1, 300)
    return st.tuples(begins, this, st.lists(events, max_size=4), st.lists(delays, min_size=8, max_size=8)).map(
        lambda said: list(zip([*said[0], said[1], *said[2]], said[3], strict=False))
    )


def test_order_and_repetition_change_nothing(asked):
    of_event = lives(asked)

    @settings(max_examples=6, deadline=None, derandomize=True, database=None)
    @given(data=st.data())
    def holds(data):
        family = asked.partition(".")[0]
        history = of_life(family, 0, [(event, 0) for event, _ in data.draw(of_event)])
        again = data.draw(st.lists(st.sampled_from(history), max_size=4))
        other = data.draw(st.permutations(history + again))
        assert published(KPIS_OF_CASES, numbered(history)) == published(KPIS_OF_CASES, numbered(other))

    holds()


def test_the_oracle_counts_the_same_on_random_lives_with_it(asked):
    family = asked.partition(".")[0]
    found = [record for n, life in enumerate(drawn(lives(asked), LIVES_EACH)) for record in of_life(family, n, life)]
    differences, present = both(KPIS_OF_CASES, numbered(sorted(found, key=lambda record: record.timestamp)))
    assert not differences, f"service and SQL differ on {differences[0].key}: {differences[0].fields}"
    assert present
