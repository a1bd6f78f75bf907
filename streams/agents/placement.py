"""Whether a record is one of Kafka's and where it belongs: the partition that murmur2 of its key gives."""

from collections.abc import Callable, Sequence
from functools import lru_cache

from aiokafka.partitioner import murmur2

from streams.cases.interface import Incoming, Refused, Verdict
from streams.readers.header_names import is_text

POSITIVE = 0x7FFFFFFF  # Kafka drops the sign
UNREADABLE = Verdict("rejected", "undecodable", "the name of a header is no UTF-8; Kafka has no others")
CACHED_KEYS = 65_536  # readings share the key of their area, the events of a case its id


class Placement:
    """Of one source partition; with another partitioner than murmur2 every place is right.

    Facts of a case in two partitions would make two cases of it, each counted, each with half of its facts.
    """

    def __init__(self, partition: int, partitions: int, partitioner: str = "murmur2") -> None:
        self._partition, self._partitions = partition, partitions
        self._checked = partitioner == "murmur2"

    @property
    def owns(self) -> Callable[[str], bool]:
        """Whether the records of a key come here. Of another partitioner nobody knows, and no key is owned unseen."""
        return lambda key: self._checked and place_of(key.encode(), self._partitions) == self._partition

    def split(self, records: Sequence[Incoming]) -> tuple[Sequence[Incoming], Refused]:
        """The records that belong here, in their order, and all others. Without a key there is no other place."""
        unread = [record for record in records if record.headers and not is_text(name for name, _ in record.headers)]
        if unread:
            offsets = {record.offset for record in unread}
            records = [record for record in records if record.offset not in offsets]
        ours, foreign = self._placed(records)
        return ours, [*((record, UNREADABLE) for record in unread), *foreign]

    def _placed(self, records: Sequence[Incoming]) -> tuple[Sequence[Incoming], Refused]:
        if not self._checked:
            return records, []
        keys = {record.key for record in records}
        foreign = {key for key in keys if key is not None and place_of(key, self._partitions) != self._partition}
        if not foreign:
            return records, []
        return (
            [record for record in records if record.key not in foreign],
            [(record, self._verdict(record.key)) for record in records if record.key in foreign],
        )

    def _verdict(self, key: bytes | None) -> Verdict:
        right = place_of(key or b"", self._partitions)
        return Verdict(
            "rejected",
            "misrouted",
            f"the record is in partition {self._partition} of {self._partitions}; murmur2 of its key gives {right}. "
            "Its producer has another partitioner or another number of partitions.",
        )


@lru_cache(maxsize=CACHED_KEYS)
def place_of(key: bytes, partitions: int) -> int:
    """The partition of a key."""
    place: int = (murmur2(key) & POSITIVE) % partitions
    return place
