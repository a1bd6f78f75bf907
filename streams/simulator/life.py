"""What every life has: messages of one case, told by one source in its own order."""

from typing import Any, NamedTuple

from schemas.event import format_instant
from streams.simulator.dice import Dice


class Message(NamedTuple):
    """A record to be: when it is sent (seconds), where, and what it says (bytes: garbage)."""

    at: int
    family: str
    key: str
    value: dict[str, Any] | bytes


class Life:
    """A case and everything that will ever be said about it."""

    family: str
    key_field: str
    source: str

    def __init__(self, dice: Dice, key: str) -> None:
        self.dice = dice
        self.key = key
        self.messages: list[Message] = []
        self.sent = 0  # of the messages, where they are not sent by their time
        self._recorded_at = 0

    def say(self, event_type: str, occurred_at: int, after: tuple[int, int] = (1, 20), **body: Any) -> str:
        """Tell what happened, `after` so many seconds, never before what was told last; the event's id."""
        self._recorded_at = max(occurred_at + self.dice.randint(*after), self._recorded_at + 1)
        revision = len(self.messages) + 1
        event_id = f"{self.key}-{revision}"
        event = {
            "event_type": event_type,
            "event_id": event_id,
            "revision": revision,
            "occurred_at": format_instant(occurred_at),
            "recorded_at": format_instant(self._recorded_at),
            "source": self.source,
            self.key_field: self.key,
            **body,
        }
        self.messages.append(Message(self._recorded_at, self.family, self.key, event))
        return event_id

    def truth(self) -> dict[str, Any]:
        """What must come out for this case once all its messages are in."""
        raise NotImplementedError
