"""Up to when a source partition has seen everything, by the broker's clock."""

from collections.abc import Iterable

from streams.lane.position import TopicPosition

EARLIEST = 946_684_800  # 2000-01-01T00:00:00Z: a record from before it has the time stamp of a clock that was never set


class ReadTime:
    """Per topic the last record's timestamp or, when caught up, the moment the fetch that showed it was sent."""

    def __init__(self) -> None:
        self._caught_up: dict[str, tuple[int, int]] = {}

    def observe(self, topic: str, delivered: int, sent_at: int) -> None:
        """A fetch sent at `sent_at` (seconds) found nothing beyond `delivered`, the next offset handed on."""
        self._caught_up[topic] = (delivered, sent_at)

    def now(self, topics: Iterable[tuple[str, TopicPosition]]) -> int:
        """The smallest over the topics, in seconds; 0 while it is not known, be it that a clock began at its epoch."""
        found = min((self._topic_time(name, position) for name, position in topics), default=0)
        return found if found >= EARLIEST else 0

    def _topic_time(self, name: str, position: TopicPosition) -> int:
        delivered, sent_at = self._caught_up.get(name, (0, 0))
        if (position.next_offset or 0) >= delivered:
            return max(sent_at, position.last_timestamp // 1000)
        return position.last_timestamp // 1000
