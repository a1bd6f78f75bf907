"""GET /metrics of a worker: its lane as Prometheus series; what it does not own any more has none."""

from collections.abc import Iterable, Iterator

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from streams.lane.fold import Fold
from streams.lane.lane import Lane

PREFIX = "gridpulse_worker_"
FOLD_TEXTS = {
    "cases": "Cases in the ledger of a source partition.",
    "defects": "Cases our code broke on.",
    "drift": "Measures that differ from an independent fold of the cases: 0.",
}


class LaneCollector(Collector):
    """Made anew for every scrape, so that no series outlives the ownership of its partition."""

    def __init__(self, lane: Lane[Fold]) -> None:
        self._lane = lane

    def describe(self) -> Iterable[Metric]:
        return ()

    def collect(self) -> Iterator[Metric]:
        """All families: ownership, recovery, then the series of the writers."""
        lane = self._lane
        yield _single("ready", "1 when the worker works on all it was assigned.", int(lane.is_ready))
        yield _single("partitions_owned", "Source partitions the worker writes.", len(lane.writers))
        yield _single("partitions_assigned", "Source partitions the group gave it.", len(lane.assigned or ()))
        yield _single("recovering", "1 while state is read back.", int(lane.recovering))
        yield _single("recovery_records_read", "Records that the last recovery has read.", lane.recovery_done)
        yield _single("recovery_records_expected", "Records it has to read in all.", lane.recovery_total)
        skew = "How far the clock of the worker's host is ahead of the broker's."
        yield _single("clock_skew_seconds", skew, lane.skew_ms() / 1000)
        yield from self._commits()
        yield from self._records()
        yield from self._folds()

    def _commits(self) -> Iterator[Metric]:
        commits = _counter("commits", "Commit units written.", "partition")
        seconds = _counter("commit_seconds", "Time spent on writing them.", "partition")
        ages = _gauge("commit_age_seconds", "How long the commit unit under way has taken; 0 without one.", "partition")
        for partition, writer in sorted(self._lane.writers.items()):
            commits.add_metric([str(partition)], writer.commits)
            seconds.add_metric([str(partition)], writer.commit_seconds)
            ages.add_metric([str(partition)], writer.commit_age)
        yield from (commits, seconds, ages)

    def _records(self) -> Iterator[Metric]:
        waiting = _gauge("records_waiting", "Records fetched and not applied yet.", "topic", "partition")
        offsets = _gauge("next_offset", "The next offset to apply.", "topic", "partition")
        processed = _counter(
            "records_processed",
            "Records of the inputs by what became of them; each is counted once.",
            "topic",
            "partition",
            "outcome",
        )
        for partition, writer in sorted(self._lane.writers.items()):
            for topic, position in writer.position.topics.items():
                labels = [topic, str(partition)]
                waiting.add_metric(labels, writer.waiting(topic))
                if position.next_offset is not None:
                    offsets.add_metric(labels, position.next_offset)
                for outcome, count in position.counts.items():
                    processed.add_metric([*labels, outcome], count)
        yield from (waiting, offsets, processed)

    def _folds(self) -> Iterator[Metric]:
        read = _gauge("read_timestamp_seconds", "Up to when a partition has seen everything.", "partition")
        gauges = {name: _gauge(name, text, "partition") for name, text in FOLD_TEXTS.items()}
        for partition, writer in sorted(self._lane.writers.items()):
            if writer.position.as_of:
                read.add_metric([str(partition)], writer.position.as_of)
            numbers = writer.fold.metrics()
            for name in gauges.keys() & numbers.keys():
                gauges[name].add_metric([str(partition)], numbers[name])
        yield from (read, *gauges.values())


def _gauge(what: str, text: str, *labels: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(PREFIX + what, text, labels=labels)


def _counter(what: str, text: str, *labels: str) -> CounterMetricFamily:
    return CounterMetricFamily(PREFIX + what, text, labels=labels)


def _single(what: str, text: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(PREFIX + what, text, value=value)
