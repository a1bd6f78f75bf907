"""The life of a complaint: what of it is valid, whether it is closed, withdrawn, reopened, and what state it is in.

An ending (`closed`, `withdrawn`) before the acceptance is void; at the acceptance it is valid. Of what shares an
instant a closing comes first, then a withdrawal, then a reopening. A withdrawal ends the case for good: what comes
after it counts for nothing. The present closing is the first since the last reopening: to say it again does not move
it. Before the acceptance nothing moves a case.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

CLOSED, WITHDRAWN, REOPENED, REPLIED = "closed", "withdrawn", "reopened", "replied"
ENDINGS = (CLOSED, WITHDRAWN)
CONTACTS = ("contacted", REPLIED)
LIFECYCLE = (CLOSED, WITHDRAWN, REOPENED)
# What moves the work, in the order of what shares an instant, with the state it leads to.
MOVES = {
    "assigned": "assigned",
    "transferred": "assigned",
    "returned": "returned",
    "contacted": "in_progress",
    REOPENED: REOPENED,
}
WORK = ("assigned", "transferred", "returned", REPLIED)
INCOMPLETE, CONTRADICTORY, ACCEPTED = "incomplete", "contradictory", "accepted"
NEITHER = (INCOMPLETE, CONTRADICTORY)  # neither open nor ended
EVENTS = (*MOVES, REPLIED, *ENDINGS)


class Life(NamedTuple):
    """What happened, in epoch seconds: `closed_at` while it is closed, `first_closed_at` whatever followed.

    `unanswered`: closed, and not replied to since it was accepted, or last reopened; `after_ending`: work went on then.
    """

    state: str
    open: bool
    void_ending: bool = False
    void_contact: bool = False
    reopened: bool = False
    closed_at: int | None = None
    first_closed_at: int | None = None
    withdrawn_at: int | None = None
    contacted_at: int | None = None
    replied_at: int | None = None
    unanswered: bool = False
    after_ending: bool = False


def live(accepted_at: int | None, happened: Mapping[str, Sequence[int]]) -> Life:
    """The life by what happened, instants of EVENTS by their name; without an acceptance the case is incomplete."""
    if accepted_at is None:
        return Life(INCOMPLETE, open=False)
    endings = [at for name in ENDINGS for at in happened.get(name, ())]
    contacts = [at for name in CONTACTS for at in happened.get(name, ())]
    course = _course(accepted_at, happened)
    closings = [position for position, (_, name) in enumerate(course) if name == CLOSED]
    reopenings = [position for position, (_, name) in enumerate(course) if name == REOPENED]
    withdrawn_at = course[-1][0] if course and course[-1][1] == WITHDRAWN else None
    last_reopening = reopenings[-1] if reopenings else -1
    present = [course[position][0] for position in closings if position > last_reopening]
    first_closed_at = course[closings[0]][0] if closings else None
    closed_at = present[0] if present and withdrawn_at is None else None
    reopened_at = course[last_reopening][0] if reopenings else None
    contradictory = min(endings, default=accepted_at) < accepted_at and max(endings) < accepted_at
    if contradictory:
        state = CONTRADICTORY
    elif withdrawn_at is not None:
        state = WITHDRAWN
    else:
        state = CLOSED if closed_at is not None else _state(accepted_at, happened, reopened_at)
    return Life(
        state,
        open=state not in (*NEITHER, *ENDINGS),
        void_ending=min(endings, default=accepted_at) < accepted_at,
        void_contact=min(contacts, default=accepted_at) < accepted_at,
        reopened=bool(closings) and last_reopening > closings[0],
        closed_at=closed_at,
        first_closed_at=first_closed_at,
        withdrawn_at=withdrawn_at,
        contacted_at=_first(contacts, accepted_at),
        replied_at=_first(happened.get(REPLIED, ()), accepted_at),
        unanswered=closed_at is not None
        and not any(at >= (reopened_at or accepted_at) for at in happened.get(REPLIED, ())),
        after_ending=_is_after_ending(happened, closed_at if withdrawn_at is None else withdrawn_at),
    )


def _course(accepted_at: int, happened: Mapping[str, Sequence[int]]) -> list[tuple[int, str]]:
    """Closings, withdrawals and reopenings from the acceptance on, in their order, up to the first withdrawal."""
    found = sorted(
        (at, rank, name) for rank, name in enumerate(LIFECYCLE) for at in happened.get(name, ()) if at >= accepted_at
    )
    course = []
    for at, _, name in found:
        course.append((at, name))
        if name == WITHDRAWN:
            break
    return course


def _is_after_ending(happened: Mapping[str, Sequence[int]], ended_at: int | None) -> bool:
    """Whether work is told of after the case was ended for good; to ask how content the customer is, is none."""
    return ended_at is not None and any(at > ended_at for name in WORK for at in happened.get(name, ()))


def _state(accepted_at: int, happened: Mapping[str, Sequence[int]], reopened_at: int | None) -> str:
    """Of an open case: replied since it was last reopened, else where the last move led, else accepted."""
    if any(at >= accepted_at and (reopened_at is None or at > reopened_at) for at in happened.get(REPLIED, ())):
        return REPLIED
    moves = [(at, rank, name) for rank, name in enumerate(MOVES) for at in happened.get(name, ()) if at >= accepted_at]
    return MOVES[max(moves)[2]] if moves else ACCEPTED


def _first(instants: Iterable[int], accepted_at: int) -> int | None:
    return min((at for at in instants if at >= accepted_at), default=None)
