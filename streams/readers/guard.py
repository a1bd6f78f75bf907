"""Between a reader and what it feeds: foreign and damaged rows are set aside, and counted by their keys."""

import logging
from collections.abc import Callable, Sequence
from typing import Any, Final

from streams.readers.rows import Check

logger = logging.getLogger(__name__)

KEYS_MAX: Final = 10_000  # one by one; whoever fills a topic with rows must not fill the memory
KEY_SHOWN_MAX: Final = 100


def shown(key: bytes | None) -> str:
    """A key for a person, of any length and any bytes."""
    text = repr((key or b"")[:KEY_SHOWN_MAX])
    return text if key is None or len(key) <= KEY_SHOWN_MAX else f"{text} and {len(key) - KEY_SHOWN_MAX} bytes more"


class Guard:
    """Hands on the rows that pass `check`; a row that is set aside leaves what its key had before as it was."""

    def __init__(self, topic: str, check: Check, hand_on: Callable[[int, Sequence[Any]], None]) -> None:
        self.topic = topic
        self._check, self._hand_on = check, hand_on
        self._keys: set[tuple[int, int]] = set()  # partition, and hash of the key, which may be of any length
        self._more = 0

    @property
    def set_aside(self) -> int:
        """How many keys have a foreign or damaged row now; one that is removed or mended is none any more."""
        return len(self._keys) + self._more

    def __call__(self, partition: int, records: Sequence[Any]) -> None:
        """What a reader calls with a batch."""
        good = [record for record in records if self._passes(partition, record)]
        if good:
            self._hand_on(partition, good)

    def _passes(self, partition: int, record: Any) -> bool:
        why = self._check(record.key, record.value)
        name = partition, hash(record.key)
        if why is None or record.value is None:
            self._keys.discard(name)
            return why is None
        if name not in self._keys:
            logger.warning(
                "%s partition %d offset %d: the row %s is none of gridpulse's and is passed over: %s",
                self.topic,
                partition,
                record.offset,
                shown(record.key),
                why,
            )
            if len(self._keys) < KEYS_MAX:
                self._keys.add(name)
            else:
                self._more += 1
        return False
