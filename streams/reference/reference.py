"""The reference data of contributions: the network and the commitments as loaded, the rules as configured."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from schemas.policy import Policy, WorkingCalendar
from streams.reference.network import EMPTY_NETWORK, Network
from streams.reference.rules import Rules
from streams.sla.policy import Policies

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streams.sla.calendar import Calendar


@dataclass(frozen=True, slots=True)
class Commitments:
    """Versions of the policy and lists of the working calendar as they were loaded."""

    policies: tuple[Policy, ...] = ()
    lists: tuple[WorkingCalendar, ...] = ()

    @classmethod
    def from_records(cls, records: Iterable[object]) -> Commitments:
        """Select the policies and working calendars among the records of the network topic, sorted by name."""
        records = tuple(records)
        policies = (record for record in records if isinstance(record, Policy))
        lists = (record for record in records if isinstance(record, WorkingCalendar))
        return cls(
            tuple(sorted(policies, key=lambda each: each.policy)), tuple(sorted(lists, key=lambda each: each.calendar))
        )


NOTHING_LOADED = Commitments()


@dataclass(frozen=True)
class Reference:
    """One consistent set of network, rules and commitments; a change of any makes a new Reference."""

    network: Network = EMPTY_NETWORK
    rules: Rules = field(default_factory=Rules)
    commitments: Commitments = NOTHING_LOADED

    @cached_property
    def calendar(self) -> Calendar:
        """The working calendar of the rules, overridden by the loaded lists."""
        return self.rules.calendar.with_lists(self.commitments.lists)

    @cached_property
    def policies(self) -> Policies:
        """The versions of the policy in force."""
        return Policies(self.commitments.policies, self.rules.zone, self.calendar)

    @property
    def version(self) -> str:
        """The version of all loaded data."""
        return f"{self.network.version}/{self.policies.hash}"
