"""The transaction coordinator of one transactional id, before KIP-890: an epoch is a process's, not a transaction's."""

import asyncio
import random
from collections.abc import Callable, Iterable

from tests.simulation.logs import INVALID_PRODUCER_EPOCH, INVALID_TXN_STATE, NONE, Log

CONCURRENT_TRANSACTIONS = 51
OVER = {"commit": "committed", "abort": "aborted"}
MARKER_SECONDS = (0.001, 0.08)  # from the decision to a marker in a partition's log


class Coordinator:
    """`empty` -> `ongoing` -> `commit` or `abort` (markers under way) -> `committed` or `aborted`."""

    def __init__(self, logs: dict[str, Log], rng: random.Random) -> None:
        self.epoch, self.state = -1, "empty"
        self.topics: set[str] = set()
        self.on_over: Callable[[], None] = lambda: None  # all markers of a transaction are written
        self._logs, self._rng = logs, rng

    def initialise(self) -> int:
        """InitProducerId: fence, and abort what the epoch before left open."""
        if self.state in OVER:
            return CONCURRENT_TRANSACTIONS
        self.epoch += 1
        if self.state == "ongoing":
            self._decide(commit=False)
            return CONCURRENT_TRANSACTIONS
        self.state = "empty"
        return NONE

    def add(self, epoch: int, topics: Iterable[str]) -> int:
        if epoch != self.epoch:
            return INVALID_PRODUCER_EPOCH
        if self.state in OVER:
            return CONCURRENT_TRANSACTIONS
        if self.state != "ongoing":
            self.topics = set()
        self.topics |= set(topics)
        self.state = "ongoing"
        return NONE

    def end(self, epoch: int, *, commit: bool) -> int:
        if epoch != self.epoch:
            return INVALID_PRODUCER_EPOCH
        wanted = "commit" if commit else "abort"
        if self.state == "ongoing":
            self._decide(commit=commit)
            return NONE
        if self.state == wanted:
            return CONCURRENT_TRANSACTIONS
        return NONE if self.state == OVER[wanted] else INVALID_TXN_STATE

    def has(self, epoch: int, topic: str) -> bool:
        """Whether a leader that verifies partitions may append."""
        return self.state == "ongoing" and epoch == self.epoch and topic in self.topics

    def _decide(self, *, commit: bool) -> None:
        self.state = "commit" if commit else "abort"
        waiting = set(self.topics)
        epoch, loop = self.epoch, asyncio.get_running_loop()

        def mark(topic: str) -> None:
            self._logs[topic].mark(epoch, commit=commit)
            waiting.discard(topic)
            if not waiting:
                self.state = OVER[self.state]
                self.on_over()

        for topic in sorted(waiting):
            loop.call_later(self._rng.uniform(*MARKER_SECONDS), mark, topic)
