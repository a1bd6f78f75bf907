"""From the reported start until it left the list for good, with the greatest count from the start on."""

from dataclasses import dataclass

from schemas.event import format_instant
from streams.replay.listing import Change, Event, Outage


@dataclass
class _Reported(Outage):
    greatest: int = 0  # customers
    start: int = 0  # as reported last
    etr: int = 0
    started: bool = False
    gone: bool = False


class AsReported:
    """Customer-seconds of a closed outage = greatest count x (last vanish - last reported start)."""

    def __init__(self) -> None:
        self._outages: dict[str, _Reported] = {}
        self._ahead: dict[str, _Reported] = {}  # outages whose start is in the future

    def line(self, change: Change) -> list[Event]:
        """A new start or kind: started again; a greater count: revised; back on the list: not restored after all."""
        at, rec = change.at, change.rec
        outage = self._outages.setdefault(change.id, _Reported(change.id, start=at))
        if change.op == "vanish":
            outage.gone = True
            reached = [] if outage.started or outage.start > at else [self._started(outage, at)]
            return [*reached, outage.event("restored", at, at)]
        kind, start = outage.kind, outage.start
        outage.read(rec)
        outage.start = int(rec.get("outageStartTime") or start)
        outage.etr = int(rec.get("currentEtor") or outage.etr)
        more = outage.customers > outage.greatest
        outage.greatest = max(outage.greatest, outage.customers)
        events = [outage.event("restored", at, at, void=True)] if outage.gone else []
        outage.gone = False
        if outage.start > at:
            return events + (self._ahead_of_us(outage, at) if outage.start != start else [])
        if not outage.started or outage.start != start or outage.kind != kind:
            events.append(self._started(outage, at))
        elif more:
            events.append(outage.event("count_revised", at, at, areas=self._areas(outage)))
        return events

    def mark(self, at: int) -> list[Event]:
        """Starts that time has reached."""
        reached = [outage for outage in self._ahead.values() if outage.start <= at and not outage.gone]
        return [self._started(outage, at) for outage in reached]

    def _ahead_of_us(self, outage: _Reported, at: int) -> list[Event]:
        events = []
        if outage.started:
            void = {"kind": outage.kind, "void": True}
            events.append(outage.event("started", at, at, **void))
        outage.started = False
        self._ahead[outage.id] = outage
        plan = {"start": format_instant(outage.start), "end": format_instant(max(outage.start, outage.etr))}
        events.append(outage.event("scheduled", at, at, kind=outage.kind, plan=plan))
        return events

    def _started(self, outage: _Reported, at: int) -> Event:
        self._ahead.pop(outage.id, None)
        outage.started = True
        body = {"kind": outage.kind, "cause": outage.cause, "areas": self._areas(outage)}
        return outage.event("started", outage.start, at, **body)

    def _areas(self, outage: _Reported) -> list[Event]:
        return [{"area": outage.area, "customers": outage.greatest}]
