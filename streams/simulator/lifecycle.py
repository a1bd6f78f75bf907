"""The base of all lifecycles: the messages of one case from one source, in its order."""

from typing import Any, NamedTuple

from schemas.event import format_instant
from streams.simulator.rng import Rng


class Message(NamedTuple):
    """A record to send: time (seconds), topic family, key and value (bytes: an invalid record)."""

    at: int
    family: str
    key: str
    value: dict[str, Any] | bytes


class Lifecycle:
    """A case and all of its messages."""

    family: str
    key_field: str
    source: str

    def __init__(self, rng: Rng, key: str) -> None:
        self.rng = rng
        self.key = key
        self.messages: list[Message] = []
        self.sent = 0  # number of messages sent by the demo script, which ignores their times
        self._recorded_at = 0

    def emit(self, event_type: str, occurred_at: int, after: tuple[int, int] = (1, 20), **body: Any) -> str:
        """Add an event, recorded `after` some seconds and after the previous event; returns its id."""
        self._recorded_at = max(occurred_at + self.rng.randint(*after), self._recorded_at + 1)
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
        """The expected result of this case after all of its messages."""
        raise NotImplementedError
