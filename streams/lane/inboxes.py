"""What waits for one writer, of all inputs; and the barrier that marks make across them."""

from collections.abc import Iterator

from streams.lane.batch import Batch
from streams.lane.inbox import Inbox
from streams.lane.position import Position


class Inboxes:
    """One inbox per input, from `open` to `close`: outside of them nothing is taken in."""

    def __init__(self) -> None:
        self._by_topic: dict[str, Inbox] = {}

    def open(self, position: Position, *, contiguous: bool) -> None:
        """Begin where the position stands; what waited before is fetched anew."""
        self._by_topic = {
            name: Inbox(name, topic.next_offset, contiguous=contiguous) for name, topic in position.topics.items()
        }

    def close(self) -> None:
        """Forget what waits: it is left to the next owner."""
        self._by_topic = {}

    def put(self, batch: Batch) -> bool:
        """Whether the batch was taken in. One that comes before `open` was fetched before the seek, and is again."""
        inbox = self._by_topic.get(batch.topic)
        if inbox is None:
            return False
        inbox.put(batch)
        return True

    def waiting(self, topic: str) -> int:
        """Records fetched and not applied yet."""
        inbox = self._by_topic.get(topic)
        return 0 if inbox is None else inbox.records_waiting

    def ready(self) -> Iterator[tuple[str, Inbox]]:
        """The inputs of which something waits."""
        return ((name, inbox) for name, inbox in self._by_topic.items() if inbox)

    def before_marks(self) -> Iterator[tuple[str, Inbox]]:
        """The inputs of which something waits before their next mark."""
        return ((name, inbox) for name, inbox in self.ready() if inbox.mark() is None)

    def barrier(self) -> tuple[int, list[tuple[str, Inbox]]] | None:
        """The next mark, once every input stands at a mark, and the inputs that stand at it: nobody passes it alone."""
        marks = [(inbox.mark(), name, inbox) for name, inbox in self._by_topic.items()]
        times = [mark for mark, _, _ in marks if mark is not None]
        if not times or len(times) < len(marks):
            return None
        reached = min(times)
        return reached, [(name, inbox) for mark, name, inbox in marks if mark == reached]
