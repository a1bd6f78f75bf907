"""The four kinds of fact, each rule by an example; tests/properties has the rest."""

from streams.facts import Change, Fact, Stamp, merge, occurrences, register, timeline
from streams.facts import set as fact_set

PATH = ("kind",)


def stamp(revision=1, recorded_at=100, event_id="e", source="oms", *, pin=False):
    return Stamp(source, revision, recorded_at, event_id, pin)


def value_of(*versions):
    state = {}
    for version, value in versions:
        merge(state, [Fact(PATH, value)], version)
    return register.read(state["kind"])


def test_within_a_source_the_greater_revision_holds_whenever_it_was_recorded():
    assert value_of((stamp(2, 100), "new"), (stamp(1, 900), "old")) == "new"


def test_of_one_revision_the_later_recorded_holds_then_the_greater_event_id():
    assert value_of((stamp(1, 200, "a"), "new"), (stamp(1, 100, "b"), "old")) == "new"
    assert value_of((stamp(1, 100, "b"), "new"), (stamp(1, 100, "a"), "old")) == "new"


def test_between_sources_the_revision_is_ignored():
    assert value_of((stamp(10**9, 100, source="scada"), "old"), (stamp(1, 200, source="oms"), "new")) == "new"


def test_a_pin_holds_against_other_sources_until_its_own_source_lets_go():
    pinned, later = (stamp(1, 100, source="desk", pin=True), "pinned"), (stamp(5, 900, source="oms"), "later")
    assert value_of(pinned, later) == "pinned"
    assert value_of(pinned, later, (stamp(2, 110, source="desk"), "let go")) == "later"


def test_null_is_a_value():
    assert value_of((stamp(1), "known"), (stamp(2), None)) is None


def test_two_bodies_under_one_event_id_have_one_winner():
    one, other = (stamp(), {"a": 1}), (stamp(), {"a": 2})
    assert value_of(one, other) == value_of(other, one)


def test_an_event_is_applied_if_any_fact_wins_the_same_if_all_stand_else_stale():
    state = {}
    first, second = Fact(("a",), 1), Fact(("b",), 2)
    assert merge(state, [first], stamp(5)) is Change.APPLIED
    assert merge(state, [first], stamp(5)) is Change.SAME
    assert merge(state, [first], stamp(4)) is Change.STALE
    assert merge(state, [first, second], stamp(4)) is Change.APPLIED
    assert merge(state, [first, second], stamp(4)) is Change.STALE
    assert merge(state, [second], stamp(4)) is Change.SAME


def test_occurrences_stand_until_voided_under_their_identity():
    state = {}
    merge(state, [Fact(("arrived", "e1"), [10])], stamp(1))
    merge(state, [Fact(("arrived", occurrences.identity("e2", None)), [20])], stamp(2))
    merge(state, [Fact(("arrived", occurrences.identity("e3", "e1")), None)], stamp(3))
    assert occurrences.standing(state["arrived"]) == [("e2", [20])]


def test_an_entry_of_a_timeline_is_moved_by_null_at_the_old_instant():
    state = {}
    merge(state, [Fact(("timeline", "10", "A"), [5])], stamp(1))
    merge(state, [Fact(("timeline", "10", "A"), None), Fact(("timeline", "20", "A"), [5])], stamp(2))
    assert timeline.standing(state["timeline"]) == {20: {"A": [5]}}


def test_a_named_step_replaces_the_entry_of_its_event():
    state = {}
    merge(state, [Fact(("timeline", "10", "A"), [5])], stamp(1, event_id="e1"))
    merge(state, [Fact(("steps", "e1"), [30, {"A": [4]}])], stamp(2, event_id="e2"))
    assert timeline.standing(state["timeline"], state["steps"]) == {30: {"A": [4]}}
    merge(state, [Fact(("steps", "e1"), None)], stamp(3, event_id="e3"))
    assert timeline.standing(state["timeline"], state["steps"]) == {}


def test_of_two_steps_at_one_instant_and_place_the_later_recorded_holds():
    state = {}
    merge(state, [Fact(("steps", "s1"), [10, {"A": [5]}])], stamp(1, 200))
    merge(state, [Fact(("steps", "s2"), [10, {"A": [4]}])], stamp(1, 100))
    assert timeline.standing(None, state["steps"]) == {10: {"A": [5]}}


def test_elements_hold_against_an_older_snapshot_only():
    state = {}
    merge(state, [fact_set.snapshot(("ids",), ["b", "a"])], stamp(2, 200))
    merge(state, [fact_set.element(("ids",), "c", present=True)], stamp(3, 300))
    merge(state, [fact_set.element(("ids",), "a", present=False)], stamp(3, 300))
    merge(state, [fact_set.element(("ids",), "d", present=True)], stamp(1, 100))
    assert fact_set.standing(state["ids"]) == ["b", "c"]
    assert fact_set.standing({}) == fact_set.standing(None) == []


def test_of_two_steps_under_one_event_id_one_holds_whichever_came_first():
    one, other = Fact(("steps", "s1"), [10, {"A": [5]}]), Fact(("steps", "s2"), [10, {"A": [4]}])
    seen = []
    for stated in ([one, other], [other, one]):
        state = {}
        merge(state, stated, stamp())
        seen.append(timeline.standing(None, state["steps"]))
    assert seen[0] == seen[1]
