"""The state of a partition: every field survives being stored, and what is none of a state is refused by a sentence."""

from dataclasses import FrozenInstanceError, fields, replace

import orjson
import pytest

from streams.agents.partition_state import CARRIED, VERSION, PartitionState, decode
from streams.errors import LaneBroken

NEWEST = 12
STATE = PartitionState(
    made_with=NEWEST,
    told_with="12/abc/0000002a",
    published=1_780_459_199,
    catalogue="42ae15f1",
    announces_from=1_780_416_000,
    calendar_missing="2027-01-01",
    unknown_fields=3,
    unlisted={"outages.cause": 2},
    refused={"grid.outages.v1": {"misrouted": 1}},
    unsettled={"outage/O-1": ("unlisted_value",), "point/a/P": None, "since": 1_780_416_000},
)
# As it is in a ledger: the names are a format, read by the releases before and after.
STORED = {
    "version": 1,
    "made_with": 12,
    "told_with": "12/abc/0000002a",
    "published": 1_780_459_199,
    "catalogue": "42ae15f1",
    "announces_from": 1_780_416_000,
    "calendar_missing": "2027-01-01",
    "unknown_fields": 3,
    "unlisted": {"outages.cause": 2},
    "refused": {"grid.outages.v1": {"misrouted": 1}},
    "unsettled": {"outage/O-1": ["unlisted_value"], "point/a/P": None, "since": 1_780_416_000},
}


def stored(state):
    """As the lane gives it back after a restart."""
    return orjson.loads(orjson.dumps(state.encode()))


def test_it_is_stored_under_the_names_that_other_releases_read():
    assert stored(STATE) == STORED


def test_it_comes_back_as_it_was_stored():
    after = decode(STORED, NEWEST)
    assert stored(after) == STORED
    assert after == replace(STATE, unsettled=STORED["unsettled"])
    assert not {each.name for each in fields(PartitionState)} - STORED.keys() - {CARRIED}, "a field without an example"


def test_what_is_not_known_is_not_stored_and_a_ledger_without_a_state_is_a_new_one():
    new = decode({}, NEWEST)
    assert new == PartitionState()
    assert not {"told_with", "published", "catalogue", "announces_from", "calendar_missing"} & stored(new).keys(), (
        "the release before compares these with numbers where they are there"
    )
    assert decode(stored(new), NEWEST) == new


def test_a_state_of_the_release_before_has_no_version_and_may_say_that_there_is_nothing():
    before = {name: value for name, value in STORED.items() if name != "version"}
    before |= {"calendar_missing": None, "published": None}
    after = decode(before, NEWEST)
    assert (after.version, after.calendar_missing, after.published) == (VERSION, None, None)
    assert after.announces_from == STATE.announces_from


def test_a_field_that_a_later_release_added_is_carried_over():
    newer = STORED | {"version": VERSION + 1, "sealed_until": 7}
    after = decode(newer, NEWEST)
    assert stored(replace(after, published=5)) == newer | {"published": 5}
    assert decode(stored(after), NEWEST) == after


def test_a_field_that_no_release_writes_is_refused():
    with pytest.raises(LaneBroken, match=r"has a field 'publishd', which no release writes.*`gridpulse rebuild`"):
        decode(STORED | {"publishd": 7}, NEWEST)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("published", "1780459199", r"published = '1780459199': input should be a valid integer"),
        ("told_with", 12, r"told_with = 12: input should be a valid string"),
        ("unknown_fields", None, r"unknown_fields = None: input should be a valid integer"),
        ("made_with", True, r"made_with = True: input should be a valid integer"),
        ("unlisted", [], r"unlisted = \[\]: input should be"),
        ("refused", {"grid.outages.v1": 1}, r"refused = \{'grid\.outages\.v1': 1\}: input should be"),
        ("unsettled", {"outage/O-1": 1.5}, r"unsettled = \{'outage/O-1': 1\.5\}: input should be"),
    ],
)
def test_a_value_of_another_type_is_refused(name, value, said):
    with pytest.raises(LaneBroken, match=rf"^the state in its position has {said}.*`gridpulse rebuild`"):
        decode(STORED | {name: value}, NEWEST)


def test_what_a_newer_release_published_is_refused_whatever_its_fields_are():
    with pytest.raises(LaneBroken, match=r"newer release .* is 13, here it is 12"):
        decode(STORED | {"made_with": NEWEST + 1, "published": {"at": 7}, "sealed_until": 7}, NEWEST)


def test_no_field_can_be_set_or_misspelt():
    with pytest.raises(FrozenInstanceError):
        STATE.published = 7
    with pytest.raises(TypeError):
        replace(STATE, publishd=7)


@pytest.mark.parametrize(("as_of", "published"), [(1_780_459_200, 1_780_459_199), (1_780_400_000, 1_780_400_000)])
def test_no_instant_is_after_a_read_time_that_was_taken_back(as_of, published):
    after = STATE.not_after(as_of)
    assert (after.published, after.announces_from) == (published, min(STATE.announces_from, as_of))
    assert PartitionState().not_after(as_of) == PartitionState()
