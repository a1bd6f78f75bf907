"""The cells of an outage: open now, by state and by age; interruptions and restorations of days."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams.cases.contribution import Measures, earliest
from streams.cells.periods import day_start, local_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from streams.cases.interruption import Episode, Step
    from streams.cases.reference import Network, Reference, Rules

HOUR = 3600


def scopes_of(network: Network, areas: Iterable[str]) -> tuple[str, ...]:
    """The scopes that any of the areas is in, each once."""
    found = [network.scopes_of(area) for area in areas]
    return found[0] if len(found) == 1 else tuple(dict.fromkeys(scope for scopes in found for scope in scopes))


class Cells:
    """One look at what an outage adds up to; `next_breakpoint` is when that changes by itself."""

    def __init__(  # noqa: PLR0917  one look at an outage is made of all of these
        self,
        kind: str,
        state: str,
        episodes: Sequence[Episode],
        steps: Sequence[Step],
        areas: tuple[str, ...],
        reference: Reference,
        *,
        now: int,
    ) -> None:
        """`areas`: where an interruption was that was told none."""
        self.group, self.state, self.areas, self.reference, self.now = kind, state, areas, reference, now
        self.episodes, self.steps = episodes, steps
        self.current = episodes[-1] if episodes and episodes[-1].end is None else None
        self.next_breakpoint: int | None = None

    def add(self, measures: Measures) -> int | None:
        """Add everything; returns the instant at which it changes by itself."""
        self._add_now(measures)
        self._add_days(measures)
        return self.next_breakpoint

    def _scopes(self, areas: Iterable[str]) -> tuple[str, ...]:
        return scopes_of(self.reference.network, areas)

    def _areas_of(self, episode: Episode) -> tuple[str, ...]:
        return tuple(episode.areas) or self.areas

    def _add_now(self, measures: Measures) -> None:
        """The cells of now: by state, and of an open one customers and age."""
        if self.state in {"restored", "closed", "not_begun"}:
            return
        by_state = f"outages_by_state|{self.group}|{self.state}"
        if self.current is None:
            measures.count(self._scopes(self.areas), by_state)
            return
        scopes = self._scopes(self._areas_of(self.current))
        bucket, until = _age(self.now - self.current.start, self.reference.rules)
        if until is not None:
            self._change_at(self.current.start + until)
        measures.count(scopes, by_state)
        measures.count(scopes, f"outages_open|{self.group}")
        measures.count(scopes, f"outages_open_by_age|{self.group}|{bucket}")
        scopes_of = self.reference.network.scopes_of
        for step in self.steps:
            if step.until is None:
                measures.add(scopes_of(step.area), f"customers_out|{self.group}", "now", step.customers)

    def _add_days(self, measures: Measures) -> None:
        """The cells of days: sustained interruptions by the day each began, restorations by the day of the last one."""
        rules = self.reference.rules
        zone, threshold = rules.zone, rules.momentary_threshold_seconds
        areas, scopes_of = self.reference.network.areas, self.reference.network.scopes_of
        interruptions, seconds = f"customer_interruptions|{self.group}", f"interruption_seconds|{self.group}"
        for area, since, until, customers, _ in self.steps:
            lasted = (self.now if until is None else until) - since
            if lasted <= threshold:
                if until is None:
                    self._change_at(since + threshold + 1)
                continue
            day = local_day(since, zone)
            scopes = scopes_of(area)
            measures.add(scopes, interruptions, day, customers)
            if area and area not in areas:
                measures.add(scopes, f"interruptions_unserved|{self.group}", day, customers)
            if until is None:
                measures.add(scopes, seconds, day, customers * (day_start(day, zone) - since), customers)
            else:
                measures.add(scopes, seconds, day, customers * lasted)
        for episode in self.episodes:
            if episode.end is not None:
                lasted = episode.end - episode.start
                day, scopes = local_day(episode.end, zone), self._scopes(self._areas_of(episode))
                measures.count(scopes, f"restorations|{self.group}", day)
                measures.add(scopes, f"restoration_seconds|{self.group}", day, lasted)
                measures.count(scopes, f"restoration_minutes|{self.group}|{-(-lasted // 60)}", day)

    def _change_at(self, instant: int | None) -> None:
        self.next_breakpoint = earliest(self.next_breakpoint, instant)


def _age(seconds: int, rules: Rules) -> tuple[str, int | None]:
    """The age bucket of an open outage, and the age in seconds at which it leaves it."""
    lower = None
    for hours in rules.age_bucket_hours:
        if seconds < hours * HOUR:
            return f"lt_{hours}h" if lower is None else f"{lower}h_{hours}h", hours * HOUR
        lower = hours
    return f"ge_{lower}h", None
