"""The lifecycle of a complaint: its valid events, its state, and whether it is closed, withdrawn or reopened.

- An event before the acceptance does not change the state. An ending (`closed`, `withdrawn`) before it is void; at the
  acceptance it is valid.
- At the same instant a closing comes first, then a withdrawal, then a reopening.
- A withdrawal ends the case for good: later events are ignored.
- The current closing is the first since the last reopening; a repetition does not move it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

CLOSED, WITHDRAWN, REOPENED, REPLIED = "closed", "withdrawn", "reopened", "replied"
ENDINGS = (CLOSED, WITHDRAWN)
CONTACTS = ("contacted", REPLIED)
CHANGES = (CLOSED, WITHDRAWN, REOPENED)
# The events that change the state of work, in their order at the same instant, with the state that they lead to.
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


class Lifecycle(NamedTuple):
    """Instants in epoch seconds; `closed_at` only while the case is closed, `first_closed_at` also after a reopening.

    `unanswered`: closed without a reply since it was accepted or last reopened. `after_ending`: work went on after it.
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


def lifecycle_of(accepted_at: int | None, happened: Mapping[str, Sequence[int]]) -> Lifecycle:
    """The lifecycle from the instants of EVENTS by their name; without an acceptance the case is incomplete."""
    if accepted_at is None:
        return Lifecycle(INCOMPLETE, open=False)
    endings = [at for name in ENDINGS for at in happened.get(name, ())]
    contacts = [at for name in CONTACTS for at in happened.get(name, ())]
    changes = _changes(accepted_at, happened)
    closings = [position for position, (_, name) in enumerate(changes) if name == CLOSED]
    reopenings = [position for position, (_, name) in enumerate(changes) if name == REOPENED]
    withdrawn_at = changes[-1][0] if changes and changes[-1][1] == WITHDRAWN else None
    last_reopening = reopenings[-1] if reopenings else -1
    present = [changes[position][0] for position in closings if position > last_reopening]
    first_closed_at = changes[closings[0]][0] if closings else None
    closed_at = present[0] if present and withdrawn_at is None else None
    reopened_at = changes[last_reopening][0] if reopenings else None
    contradictory = min(endings, default=accepted_at) < accepted_at and max(endings) < accepted_at
    if contradictory:
        state = CONTRADICTORY
    elif withdrawn_at is not None:
        state = WITHDRAWN
    else:
        state = CLOSED if closed_at is not None else _state(accepted_at, happened, reopened_at)
    return Lifecycle(
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


def _changes(accepted_at: int, happened: Mapping[str, Sequence[int]]) -> list[tuple[int, str]]:
    """Closings, withdrawals and reopenings from the acceptance on, in their order, up to the first withdrawal."""
    found = sorted(
        (at, rank, name) for rank, name in enumerate(CHANGES) for at in happened.get(name, ()) if at >= accepted_at
    )
    changes = []
    for at, _, name in found:
        changes.append((at, name))
        if name == WITHDRAWN:
            break
    return changes


def _is_after_ending(happened: Mapping[str, Sequence[int]], ended_at: int | None) -> bool:
    """Whether work is reported after the ending of the case; a survey is no work."""
    return ended_at is not None and any(at > ended_at for name in WORK for at in happened.get(name, ()))


def _state(accepted_at: int, happened: Mapping[str, Sequence[int]], reopened_at: int | None) -> str:
    """The state of an open case: replied if so since it was last reopened, else by its last move, else accepted."""
    if any(at >= accepted_at and (reopened_at is None or at > reopened_at) for at in happened.get(REPLIED, ())):
        return REPLIED
    moves = [(at, rank, name) for rank, name in enumerate(MOVES) for at in happened.get(name, ()) if at >= accepted_at]
    return MOVES[max(moves)[2]] if moves else ACCEPTED


def _first(instants: Iterable[int], accepted_at: int) -> int | None:
    return min((at for at in instants if at >= accepted_at), default=None)
