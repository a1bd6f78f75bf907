"""What was announced of the clocks of a case: a log beside its facts, which only the next announcement reads. Pure.

It depends on what was known when, as an announcement does; facts and cells never do. A clock is first announced when it
is at risk or past its deadline; from then on whatever changes is announced. Deadlines from before `since` are passed
over in silence, unless their clock had been announced: nobody is warned of what was over before anybody looked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from streams.sla.clocks import AT_RISK, BREACHED, MET_LATE, VOID

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from streams.sla.clocks import Clock

RETRACTED: Final = "retracted"
GONE: Final = "gone"  # in the log only: there is no such clock any more
BEGINS: Final = frozenset({AT_RISK, BREACHED, MET_LATE})
BROKEN: Final = frozenset({BREACHED, MET_LATE})
# By which an announcement differs from the one before it.
COMPARED: Final = ("status", "level", "started_at", "deadline_at", "ended_at")

Entry = dict[str, Any]
Log = dict[str, Entry]  # by `<clock>|<cycle>`


class Announcement(NamedTuple):
    """A change to be told: of the clock as it is now, None where it is gone; `entry` is the log's from now on."""

    key: str
    status: str
    entry: Entry
    clock: Clock | None


def announcements(
    log: Mapping[str, Entry], clocks: Iterable[Clock], since: int, clocks_since: int | None = None
) -> Iterator[Announcement]:
    """What has to be told of the clocks of a case, in the order of their keys.

    `clocks_since`: what ended before is not among the clocks, and stands as it was told.
    """
    standing = {clock.key: clock for clock in clocks}
    known = log if clocks_since is None else recent(log, clocks_since)
    for key in sorted(standing.keys() | known.keys()):
        clock, before = standing.get(key), log.get(key)
        if before is None:
            if clock is None or clock.status not in BEGINS or _is_past(clock, since):
                continue
            yield Announcement(key, clock.status, _entry(clock, clock.status), clock)
            continue
        entry = _entry(clock, "") if clock is not None else {**before, **dict.fromkeys(COMPARED), "status": GONE}
        if any(entry[name] != before[name] for name in COMPARED):
            entry["told"] = status = _told(before, entry["status"])
            yield Announcement(key, status, entry, clock)


def recent(log: Mapping[str, Entry], since: int) -> Log:
    """What goes on, ended since then, or is gone and began since then."""
    return {key: entry for key, entry in log.items() if _last(key, entry, since) >= since}


def _last(key: str, entry: Entry, since: int) -> int:
    if entry["status"] == GONE:
        return int(key.rpartition("|")[2])  # a point's cycle is when it began
    ended: int | None = entry["ended_at"]
    return since if ended is None else ended


def _is_past(clock: Clock, since: int) -> bool:
    return clock.deadline_at is not None and clock.deadline_at < since


def _told(before: Entry, status: str) -> str:
    """A breach that was told and is none is retracted, whatever its clock does now."""
    if before["told"] in BROKEN and status not in BROKEN:
        return RETRACTED
    return VOID if status == GONE else status


def _entry(clock: Clock, told: str) -> Entry:
    return {
        "told": told,
        "status": clock.status,
        "level": clock.level,
        "started_at": clock.started_at,
        "deadline_at": clock.deadline_at,
        "ended_at": clock.ended and clock.ended.at,
        "severity": clock.rule.severity,
        "policy": clock.version.name,
        "policy_hash": clock.version.hash,
    }
