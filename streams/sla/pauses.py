"""The pauses of a clock, while work waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from streams.sla.milestones import Wait
    from streams.sla.worktime import Pause


def pauses_of(reasons: Collection[str], waits: Iterable[Wait], start: int, until: int) -> tuple[Pause, ...]:
    """The pauses within `start` to `until`: from each wait for one of the reasons to the next wait or resumption.

    Instants in epoch seconds; at the same instant a resumption comes last. Adjacent pauses are merged.
    """
    if not reasons:
        return ()
    waits = sorted(
        (wait for wait in waits if wait.at <= until), key=lambda wait: (wait.at, wait.reason is None, wait.reason or "")
    )
    found: list[Pause] = []
    for number, wait in enumerate(waits, 1):
        following = waits[number].at if number < len(waits) else None
        if wait.reason in reasons:
            begin = max(wait.at, start)
            if found and found[-1][1] == begin:
                begin = found.pop()[0]
            if following is None or following > begin:
                found.append((begin, following))
    return tuple(found)
