"""Announcements of clocks as records of grid.sla-breaches.v1, and their log as rows of the ledger beside the cases."""

from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Any

import orjson

from schemas.event import DAY_SECONDS
from schemas.sla_breach import AboutCase, Evidence, SlaBreach
from streams.agents.proof import record_key, standing, unproven
from streams.cases.interface import Evaluation, Subject
from streams.dimensions.scopes import UNKNOWN
from streams.errors import LaneBroken
from streams.lane.batch import Output
from streams.reference.reference import Reference
from streams.sla.announcements import Announcement, Log, announcements, recent
from streams.sla.clocks import Clock

PREFIX = b"announced/"  # before the key of a case: no kind of case is called so
VERSION = b"\x01"
FORGOTTEN_AFTER = 2 * DAY_SECONDS  # seconds; a point's log has no end, and nothing that old can become otherwise


class Announcer:
    """Keeps the log of one source partition; a record and the row that remembers it are in one transaction."""

    def __init__(self, breaches: str, ledger: str) -> None:
        """Keep the names of the two topics."""
        self._breaches, self._ledger = breaches, ledger
        self.logs: dict[str, Log] = {}
        self._unproven: dict[str, frozenset[str]] = {}

    def load(self, rows: Iterable[tuple[bytes, bytes]]) -> Iterator[tuple[bytes, bytes]]:
        """Take what is ours of the ledger's rows, and hand on the rest."""
        for key, value in rows:
            if not key.startswith(PREFIX):
                yield key, value
                continue
            if value[:1] != VERSION:
                raise LaneBroken(f"announcements {key!r} were stored in format {value[0]}, this version reads 1")
            self.logs[key.removeprefix(PREFIX).decode()] = orjson.loads(value[1:])

    def prove(self, cases: Container[str], rows: Mapping[bytes, bytes], kept_since: int) -> list[str]:
        """Compare the log with the records of grid.sla-breaches.v1; the keys of the cases that must be evaluated again.

        A record that stands and is not in the log enters it, so that it is not announced twice, and ends when its clock
        does. `kept_since` (epoch seconds): an older record may have been deleted by retention.
        """
        entered = set()
        for key, name, entry in standing(rows, cases):
            if name not in self.logs.setdefault(key, {}):
                self.logs[key][name] = entry
                entered.add(key)
        missing = ((key, unproven(log, key, rows, kept_since)) for key, log in self.logs.items() if key in cases)
        self._unproven = {key: names for key, names in missing if names}
        return sorted(entered | self._unproven.keys())

    def announce(self, evaluation: Evaluation, reference: Reference, now: int, since: int) -> list[Output]:
        """The records that are due for a case, and its log; `since`: earlier deadlines are past (epoch seconds)."""
        case, contribution = evaluation.case, evaluation.contribution
        before, summary = self.logs.get(case.key, {}), contribution.summary or contribution.about
        if not summary or not contribution.compared or not (before or contribution.clocks):
            return []  # no clocks are known of a case on which our code raised: its announcements stay
        outputs, log = [], dict(before)
        due = {each.key: each for each in announcements(before, contribution.clocks, since, contribution.clocks_since)}
        lost = self._unproven.pop(case.key, frozenset()) & before.keys() - due.keys()
        if lost:
            clocks = {clock.key: clock for clock in contribution.clocks}
            due |= {name: Announcement(name, before[name]["told"], before[name], clocks.get(name)) for name in lost}
        for name, announcement in sorted(due.items()):
            log[name] = announcement.entry | {"at": now}
            detected_at = announcement.entry.get("at", now) if name in lost else now
            record = _record(announcement, case, summary, reference, detected_at)
            outputs.append(Output(self._breaches, record_key(name, case.key), record.to_json()))
        if outputs:
            if contribution.clocks_since is not None:
                log = recent(log, now - reference.rules.correction_horizon_seconds - FORGOTTEN_AFTER)
            self.logs[case.key] = log
            outputs.append(Output(self._ledger, PREFIX + case.key.encode(), VERSION + orjson.dumps(log)))
        return outputs


def area_types(reference: Reference, areas: Iterable[str]) -> tuple[Any, ...]:
    """The types of some areas, as the network has them, sorted."""
    infos = [reference.network.area(area) for area in areas]
    return tuple(sorted({(info and info.area_type) or UNKNOWN for info in infos}))


def _record(
    announcement: Announcement, case: Subject, summary: Mapping[str, Any], reference: Reference, now: int
) -> SlaBreach:
    clock, entry = announcement.clock, announcement.entry
    name, _, cycle = announcement.key.partition("|")
    about = {field: summary[field] for field in AboutCase.model_fields if summary.get(field) is not None}
    return SlaBreach(
        clock=name,  # type: ignore[arg-type]  # by the log: one of the clocks there are
        kind=summary["kind"],
        case=summary["case"],
        cycle=int(cycle),
        status=announcement.status,  # type: ignore[arg-type]  # as above
        open=clock is not None and clock.open,
        level_percent=entry["level"],
        started_at=entry["started_at"],
        deadline_at=entry["deadline_at"],
        detected_at=now,
        elapsed_permille=clock and clock.permille(now),
        severity=entry["severity"],
        obligation=clock and clock.rule.obligation,
        regions=tuple(summary["regions"]),
        area_types=area_types(reference, summary["areas"]),
        areas=tuple(summary["areas"]),
        about=AboutCase(**about),
        stopped_by=clock and _evidence(clock, case),
        policy=entry["policy"],
        policy_hash=entry["policy_hash"],
        provisional=clock is not None and clock.provisional,
    )


def _evidence(clock: Clock, case: Subject) -> Evidence | None:
    if clock.ended is None:
        return None
    at, fact = clock.ended
    event_id, source = case.stated_by(fact, at) or (None, None)
    return Evidence(fact=fact, occurred_at=at, event_id=event_id, source=source)
