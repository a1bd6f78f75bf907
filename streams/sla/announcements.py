"""The announcements of the clocks of a case, and their log beside the facts of the case. Pure.

The log is read by the next announcement only. It depends on when each fact became known; facts and cells never do.
A clock is first announced when it is at risk or past its deadline; from then on every change is announced. A deadline
before `since` is not announced, unless its clock was announced before: a new installation does not warn of old cases.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from streams.sla.clocks import AT_RISK, BREACHED, MET_LATE, VOID

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from streams.sla.clocks import Clock

RETRACTED: Final = "retracted"
GONE: Final = "gone"  # in the log only: the clock does not exist any more
FIRST_ANNOUNCED: Final = frozenset({AT_RISK, BREACHED, MET_LATE})
BREACHES: Final = frozenset({BREACHED, MET_LATE})
# A change of one of these fields is announced.
COMPARED: Final = ("status", "level", "started_at", "deadline_at", "ended_at")

Entry = dict[str, Any]
Log = dict[str, Entry]  # by `<clock>|<cycle>`


class Announcement(NamedTuple):
    """A change to be published: `clock` as it is now (None: gone), `entry` for the log."""

    key: str
    status: str
    entry: Entry
    clock: Clock | None


def announcements(
    log: Mapping[str, Entry], clocks: Iterable[Clock], since: int, clocks_since: int | None = None
) -> Iterator[Announcement]:
    """The changes to be published of the clocks of a case, in the order of their keys.

    `clocks_since`: clocks that ended before it are not listed in `clocks`; their last announcement stays valid.
    """
    current = {clock.key: clock for clock in clocks}
    known = log if clocks_since is None else recent(log, clocks_since)
    for key in sorted(current.keys() | known.keys()):
        clock, before = current.get(key), log.get(key)
        if before is None:
            if clock is None or clock.status not in FIRST_ANNOUNCED or _is_past(clock, since):
                continue
            yield Announcement(key, clock.status, _entry(clock, clock.status), clock)
            continue
        entry = _entry(clock, "") if clock is not None else {**before, **dict.fromkeys(COMPARED), "status": GONE}
        if any(entry[name] != before[name] for name in COMPARED):
            entry["told"] = status = _published_status(before, entry["status"])
            yield Announcement(key, status, entry, clock)


def recent(log: Mapping[str, Entry], since: int) -> Log:
    """The entries of clocks that are open, ended since then, or are gone and began since then."""
    return {key: entry for key, entry in log.items() if _last(key, entry, since) >= since}


def _last(key: str, entry: Entry, since: int) -> int:
    if entry["status"] == GONE:
        return int(key.rpartition("|")[2])  # a point's cycle is when it began
    ended: int | None = entry["ended_at"]
    return since if ended is None else ended


def _is_past(clock: Clock, since: int) -> bool:
    return clock.deadline_at is not None and clock.deadline_at < since


def _published_status(before: Entry, status: str) -> str:
    """The status to publish: `retracted` for a published breach that is none any more, else that of the clock."""
    if before["told"] in BREACHES and status not in BREACHES:
        return RETRACTED
    return VOID if status == GONE else status


def _entry(clock: Clock, published: str) -> Entry:
    return {
        "told": published,  # the stored name of the published status
        "status": clock.status,
        "level": clock.level,
        "started_at": clock.started_at,
        "deadline_at": clock.deadline_at,
        "ended_at": clock.ended and clock.ended.at,
        "severity": clock.rule.severity,
        "policy": clock.version.name,
        "policy_hash": clock.version.hash,
    }
