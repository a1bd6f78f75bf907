"""Open while listed: an outage begins and ends with its place on the list, also at 0 or unknown customers."""

from dataclasses import dataclass

from streams.replay.listing import Change, Event, Outage


@dataclass
class _Listed(Outage):
    cycle: int = 0  # times on the list so far
    since: int = 0


class AsListed:
    """Customers out at a list = its sum; customer-seconds = the integral of the counts while listed."""

    def __init__(self) -> None:
        self._outages: dict[str, _Listed] = {}

    def line(self, change: Change) -> list[Event]:
        """Appeared: started; another count: restored in part or extended; gone: restored."""
        at = change.at
        outage = self._outages.setdefault(change.id, _Listed(change.id))
        if change.op == "vanish":
            return [outage.event("restored", at, at, cycle=outage.cycle)]
        kind, before = outage.kind, outage.customers
        if change.op != "change":
            outage.customers, outage.cycle, outage.since = 0, outage.cycle + 1, at
            outage.read(change.rec)
            areas = [{"area": outage.area, "customers": outage.customers}]
            return [self._started(outage, at) | {"areas": areas}]
        outage.read(change.rec)
        events = [self._started(outage, at)] if outage.kind != kind else []
        areas = [{"area": outage.area, "remaining": outage.customers}]
        if outage.customers < before:
            events.append(outage.event("step_restored", at, at, areas=areas, by="repair"))
        elif outage.customers > before:
            events.append(outage.event("extended", at, at, areas=areas))
        return events

    def mark(self, at: int) -> list[Event]:
        """Nothing."""
        return []

    def _started(self, outage: _Listed, recorded_at: int) -> Event:
        return outage.event(
            "started", outage.since, recorded_at, kind=outage.kind, cycle=outage.cycle, cause=outage.cause
        )
