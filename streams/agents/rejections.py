"""Records that were not applied: each is a dead letter, and is counted by topic and reason."""

from collections.abc import Iterable, Iterator, Mapping

from streams.agents.dead_letters import of_record
from streams.cases.interface import Incoming, Verdict
from streams.lane.batch import Output


class Rejections:
    """Of one source partition; `counts` goes on over restarts."""

    def __init__(self, letters: str, partition: int) -> None:
        self._letters, self._partition = letters, partition
        self.counts: dict[str, dict[str, int]] = {}

    def load(self, counts: Mapping[str, Mapping[str, int]]) -> None:
        """Go on from these counts."""
        self.counts = {topic: dict(by_reason) for topic, by_reason in counts.items()}

    def add(self, topic: str, rejected: Iterable[tuple[Incoming, Verdict]]) -> Iterator[Output]:
        """Count records of a topic; their letters."""
        by_reason = self.counts.setdefault(topic, {})
        for record, verdict in rejected:
            by_reason[verdict.reason] = by_reason.get(verdict.reason, 0) + 1
            yield of_record(self._letters, topic, self._partition, record, verdict)
