"""Policies and calendars that are wrong: service and oracle pass over the same ones, and the version before holds."""

import copy
import json
from pathlib import Path

import orjson
import pytest

from schemas.codec import InvalidEvent, decode, encode
from streams.oracle.engine import Oracle
from streams.oracle.policy import loaded
from streams.oracle.records import Record
from streams.oracle.values import parsed
from streams.settings import Settings
from tests.support.lives import promising

EXAMPLES = Path(__file__).parents[2] / "schemas" / "examples" / "grid.network.v1"
KINDS = ("policy", "calendar")
ODD = (
    None, True, False, -1, 0, 1, 2, 99, 100, 101, 366 * 24 * 60, 366 * 24 * 60 + 1, 1.0, 1.5, 10**400, "", "x",
    "x" * 128, "x" * 129, "x" * 257, [], [None], ["x"], [1, 1], [90, 75], [100], {}, {"a": 1}, "2026-02-30",
    "1899-12-31", "2200-01-01", "2026-1-1", "24:00", "24:01", "8:30", "L1", "L99", "order", "point", "outage",
    "working_days", "working_minutes", "intervals", "etr", "plan_start", ["accepted"], ["started"], ["restored",
    "restored"], ["out"], ["silent"], ["heard"], [{"limit": 1}], [{"limit": 0}], [{"limit": 101}], [{"limit": 1,
    "level": None}], [{"limit": 1, "important": True}], [{"limit": 1, "area_type": ["suburban"]}],
    ["2026-01-04"], [{"from": "2026-01-02", "to": "2026-01-01"}], [{"from": "09:00", "to": "09:00"}],
)  # fmt: skip


def service_takes(raw):
    try:
        decode("network", raw)
    except InvalidEvent:
        return False
    return True


def oracle_takes(raw, kind):
    return bool([*loaded([Record("grid.network.v1", 0, 0, 0, f"{kind}/x".encode(), raw)], kind)])


def paths(value, path=()):
    """Every place in a JSON value."""
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield (*path, key)
            yield from paths(inner, (*path, key))


def altered(value, path, odd):
    found = copy.deepcopy(value)
    place = found
    for key in path[:-1]:
        place = place[key]
    if odd is paths:
        del place[path[-1]]
    else:
        place[path[-1]] = odd
    return found


OPTIONAL = ("each", "void", "due", "early", "unit", "grace_minutes", "warn_percent", "warn_minutes_before")
OPTIONAL += ("escalate_percent", "pause_reasons", "obligation")


def variants():
    """Each place of a good record without, and with each odd value, and each field that may be left out."""
    for kind in KINDS:
        for file in sorted((EXAMPLES / "valid").glob(f"{kind}*.json")):
            good = json.loads(file.read_bytes())
            yield kind, good
            for path in paths(good):
                for odd in (paths, *ODD):
                    yield kind, altered(good, path, odd)
            for number, _ in enumerate(good.get("clocks", ())):
                for name in OPTIONAL:
                    for odd in ODD:
                        yield kind, altered(good, ("clocks", number, name), odd)
        for file in sorted((EXAMPLES / "invalid").glob(f"{kind}*.json")):
            yield kind, json.loads(file.read_bytes())["record"]


def test_both_take_the_same_policies_and_calendars():
    takes = [(kind, raw, service_takes(raw)) for kind, said in variants() if (raw := json.dumps(said).encode())]
    differing = [raw[:300] for kind, raw, taken in takes if oracle_takes(raw, kind) != taken]
    assert differing == []
    assert len(takes) > 3000
    assert 50 < sum(taken for *_, taken in takes) < len(takes) - 50


@pytest.mark.parametrize("after", [{}, {"record_type": "policy"}, {"clocks": None}, {"valid_from": "soon"}])
def test_a_wrong_policy_after_a_good_one_leaves_the_good_one(after):
    policy = promising(L18={"limits": [{"limit": 60}]}).commitments.policies[-1]
    good = encode(policy)
    wrong = orjson.dumps(parsed(good) | after) if after else b"{"
    records = [
        Record("grid.network.v1", 0, n, 0, policy.record_key.encode(), raw) for n, raw in enumerate((good, wrong))
    ]
    held = [*loaded(records, "policy")]
    assert len(held) == 1
    with Oracle(Settings(), records) as oracle:
        limits = oracle.rows("SELECT amount FROM clock_limit WHERE clock = 'L18' ORDER BY version DESC LIMIT 1")
    assert limits == [(60,)]
