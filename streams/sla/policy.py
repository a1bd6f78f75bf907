"""The versions of the policy, as loaded or as shipped, and which of them holds for a case. Pure."""

from __future__ import annotations

import hashlib
import tomllib
from bisect import bisect_right
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import orjson

from schemas.policy import ClockRule, Policy
from streams.dimensions.periods import local_day
from streams.sla.worktime import MINUTE, WorkTime

if TYPE_CHECKING:
    from collections.abc import Iterable

    from schemas.policy import Limit
    from streams.sla.calendar import Calendar
    from streams.sla.milestones import Milestones

HASH_CHARACTERS = 16
Fitting = tuple[ClockRule, int]


class Version:
    """One version, ready to be applied to cases; `work` has the rules of working time."""

    def __init__(self, policy: Policy, zone: str, calendar: Calendar) -> None:
        """Take a policy as it was loaded."""
        content = orjson.dumps(policy.model_dump(mode="json"), option=orjson.OPT_SORT_KEYS)
        self.name, self.valid_from = policy.policy, policy.valid_from
        self.hash = hashlib.sha256(content + calendar.version.encode()).hexdigest()[:HASH_CHARACTERS]
        hours = tuple((part.begin, part.end) for part in policy.office_hours)
        self.work = WorkTime(zone, calendar, hours, policy.cutoff)
        self.rules = policy.clocks
        self._fitting: dict[tuple[object, ...], tuple[Fitting, ...]] = {}

    def fitting(self, milestones: Milestones) -> tuple[Fitting, ...]:
        """The rules for a case, each with its limit in the unit of the rule; of several areas the strictest."""
        key = (milestones.kind, milestones.area_types, *milestones.traits.values())
        found = self._fitting.get(key)
        if found is None:
            limits = ((rule, _limit(rule, milestones)) for rule in self.rules if rule.kind == milestones.kind)
            found = self._fitting[key] = tuple((rule, limit) for rule, limit in limits if limit is not None)
        return found


class Policies:
    """All versions, by the day from which each holds; where nothing was loaded, the shipped one holds."""

    def __init__(self, loaded: Iterable[Policy], zone: str, calendar: Calendar) -> None:
        by_day = {policy.valid_from: policy for policy in (shipped(), *sorted(loaded, key=lambda each: each.policy))}
        self.versions = tuple(Version(by_day[day], zone, calendar) for day in sorted(by_day))
        self._days = [version.valid_from for version in self.versions]
        self.zone = zone
        of_points = (rule for version in self.versions for rule in version.rules if rule.kind == "point")
        self.longest_point_limits = _longest(of_points)
        self.hash = hashlib.sha256(repr([version.hash for version in self.versions]).encode()).hexdigest()[:16]

    def at(self, begun_at: int) -> Version:
        """The version that holds for a case that began then; the oldest if none held yet."""
        found = bisect_right(self._days, local_day(begun_at, self.zone)) - 1
        return self.versions[max(found, 0)]


def _longest(rules: Iterable[ClockRule]) -> tuple[int, int]:
    """The longest limit of these clocks, in seconds, and in intervals."""
    seconds = intervals = 0
    for rule in rules:
        longest = max(limit.limit for limit in rule.limits)
        seconds = max(seconds, MINUTE * (rule.grace_minutes + (longest if rule.unit == "minutes" else 0)))
        intervals = max(intervals, longest if rule.unit == "intervals" else 0)
    return seconds, intervals


def _limit(rule: ClockRule, milestones: Milestones) -> int | None:
    found = [
        next((limit.limit for limit in rule.limits if _fits(limit, milestones, area_type)), None)
        for area_type in milestones.area_types
    ]
    return min((limit for limit in found if limit is not None), default=None)


def _fits(limit: Limit, milestones: Milestones, area_type: str) -> bool:
    if limit.area_type is not None and area_type not in limit.area_type:
        return False
    traits = milestones.traits
    if limit.important is not None and limit.important != traits["important"]:
        return False
    for name, wanted in (
        ("work_type", limit.work_type),
        ("outage_kind", limit.outage_kind),
        ("category", limit.category),
        ("level", limit.level),
    ):
        if wanted is not None and traits[name] not in wanted:
            return False
    return True


@cache
def shipped() -> Policy:
    """The policy that comes with gridpulse."""
    return parse((files("streams.sla") / "policies" / "default.toml").read_text(encoding="utf-8"))


def parse(text: str) -> Policy:
    """Read a policy written as TOML; raises ValidationError or tomllib.TOMLDecodeError."""
    return Policy.model_validate_json(orjson.dumps(tomllib.loads(text)))
