"""What waits for one writer: per topic, the fetched batches, cut at marks."""

from collections import deque
from collections.abc import Sequence

from streams.errors import LaneBroken
from streams.lane.batch import Batch, Record, mark_of

MAX_STEP_RECORDS = 2_000  # applied in one go, before others have their turn


class Inbox:
    """One topic of one source partition. Offsets go in and come out in order, each once.

    A batch is refused when it does not begin where the position stands: Faust and aiokafka can lose what was fetched
    around a rebalance, and going on would lose it for good.
    """

    def __init__(self, topic: str, next_offset: int | None, *, contiguous: bool) -> None:
        self._topic = topic
        self._expected = next_offset
        self._contiguous = contiguous
        self._waiting: deque[Sequence[Record]] = deque()
        self.records_waiting = 0

    def put(self, batch: Batch) -> None:
        records = batch.records
        expected = self._expected
        if expected is not None and records[0].offset < expected:
            records = [record for record in records if record.offset >= expected]
            if not records:
                return
        if expected is not None and self._contiguous and records[0].offset != expected:
            raise LaneBroken(
                f"{self._topic} partition {batch.partition}: expected offset {expected}, got {records[0].offset}: "
                "records between were lost on the way (for inputs written in transactions set contiguous_inputs=false)"
            )
        self._expected = records[-1].offset + 1
        self._waiting += (records[n : n + MAX_STEP_RECORDS] for n in range(0, len(records), MAX_STEP_RECORDS))
        self.records_waiting += len(records)

    def mark(self) -> int | None:
        """The read time announced by the next record, if that record is a mark."""
        return mark_of(self._waiting[0][0]) if self._waiting else None

    def take(self) -> Sequence[Record]:
        """The next records up to the next mark, at most one step of a batch; a mark at the head comes alone."""
        records = self._waiting.popleft()
        cut = self._cut(records)
        if cut < len(records):
            self._waiting.appendleft(records[cut:])
            records = records[:cut]
        self.records_waiting -= len(records)
        return records

    @staticmethod
    def _cut(records: Sequence[Record]) -> int:
        for index, record in enumerate(records):
            if record.value is None and mark_of(record) is not None:
                return max(index, 1)
        return len(records)

    def __bool__(self) -> bool:
        return bool(self._waiting)
