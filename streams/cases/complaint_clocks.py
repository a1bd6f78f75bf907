"""The two clocks of a complaint: the first contact within 24 hours, the reply within five working days.

Both run from the acceptance and are due once answered, or once their deadline has passed; a deadline is the last second
that is on time. A withdrawal up to the deadline, before any answer, takes the case out of those due: nobody had to
answer any more. A closing answers the reply clock; a reopening sets neither back, a promise kept or broken stays so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from streams.cases.complaint_life import Life
    from streams.cases.reference import Rules


class Clock(NamedTuple):
    """A clock as it stands; instants in epoch seconds."""

    deadline_at: int
    answered_at: int | None
    due: bool
    provisional: bool = False

    @property
    def on_time(self) -> bool:
        return self.due and self.answered_at is not None and self.answered_at <= self.deadline_at

    def breakpoint(self, now: int) -> int | None:
        """When it falls due, if nothing arrives."""
        return self.deadline_at + 1 if not self.due and now <= self.deadline_at else None


def contact(accepted_at: int, life: Life, rules: Rules, now: int) -> Clock:
    """From the acceptance to the first contact, a reply included; hours of the clock, not of work."""
    deadline = accepted_at + rules.complaint_contact_hours * 3600
    return Clock(deadline, life.contacted_at, _due(deadline, life.contacted_at, life.withdrawn_at, now))


def reply(accepted_at: int, life: Life, rules: Rules, now: int) -> Clock:
    """From the acceptance to the reply, or the closing; up to the end of the last of so many working days."""
    end, provisional = rules.calendar.due_end(
        accepted_at, rules.complaint_reply_working_days, rules.zone, rules.complaint_cutoff
    )
    due = _due(end - 1, life.replied_at, life.withdrawn_at, now)
    return Clock(end - 1, life.replied_at, due, provisional)


def _due(deadline: int, answered_at: int | None, withdrawn_at: int | None, now: int) -> bool:
    if withdrawn_at is not None and withdrawn_at <= deadline and (answered_at is None or withdrawn_at < answered_at):
        return False
    return answered_at is not None or now > deadline
