"""The catalogue of topics: what exists, how it is kept, and whether a cluster agrees."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient
from kafka.errors import KafkaError, TopicAlreadyExistsError

from streams.errors import BrokerUnavailable, TopicsWrong
from streams.settings import DAY_SECONDS, Settings

OUTAGES = "grid.outages.v1"
REPAIRS = "grid.repairs.v1"
COMPLAINTS = "grid.complaints.v1"
VOLTAGE = "grid.voltage-readings.v1"
NETWORK = "grid.network.v1"
LEDGER = "gridpulse.ledger.v1"
PARTIALS = "gridpulse.partials.v1"
VOLTAGE_LEDGER = "gridpulse.voltage-ledger.v1"
VOLTAGE_PARTIALS = "gridpulse.voltage-partials.v1"
CLOCK = "gridpulse.clock.v1"
KPIS = "grid.kpis.v1"
CASES = "grid.cases.v1"
SLA_BREACHES = "grid.sla-breaches.v1"
DEAD_LETTERS = "grid.dead-letters.v1"
INPUTS = (OUTAGES, REPAIRS, COMPLAINTS, VOLTAGE)

DAY_MS = DAY_SECONDS * 1000
KEPT_MARGIN_SECONDS = DAY_SECONDS  # between read time, by which gridpulse dates a record, and the broker's clock
CHECKED = ("cleanup.policy", "message.timestamp.type")  # the others are tuning, theirs to change


@dataclass(frozen=True)
class TopicSpec:
    """One topic as gridpulse needs it; `name` has the prefix."""

    name: str
    role: Literal["input", "reference", "internal", "output"]
    key: str
    partitions: int
    cleanup: str
    description: str
    configs: dict[str, str] = field(default_factory=dict)

    @property
    def all_configs(self) -> dict[str, str]:
        return {"cleanup.policy": self.cleanup} | self.configs


def catalogue(settings: Settings) -> tuple[TopicSpec, ...]:
    """All topics under these settings; on marks (replay) nothing is lost to retention or compaction."""
    kept = settings.clock == "marks"
    compacted = _compacted(kept)
    # A rebuild reads what admission accepts; the margin is for the days a rebuild may take to be decided on.
    days = settings.correction_horizon_days + 10
    inputs = _replayable() if kept else _live(days)
    letters = {"retention.ms": "-1" if kept else str(30 * DAY_MS)} | compacted
    breaches = {"retention.ms": "-1" if kept else str(400 * DAY_MS)} | compacted  # as long as a year is compared with

    def topic(
        name: str, role: Literal["input", "reference", "internal", "output"], key: str, text: str, **changes: Any
    ) -> TopicSpec:
        values: dict[str, Any] = {
            "partitions": settings.partitions,
            "cleanup": "compact",
            "configs": compacted,
        } | changes
        return TopicSpec(settings.topic_prefix + name, role, key, description=text, **values)

    probes = topic(
        CLOCK,
        "internal",
        "probe, or worker/role/instance",
        "Probes of the broker's clock, which gives them its time; which process works under an instance name.",
        partitions=1,
        cleanup="delete",
        configs={"message.timestamp.type": "LogAppendTime", "retention.ms": "-1" if kept else str(DAY_MS)},
    )
    return (
        probes,
        topic(
            OUTAGES, "input", "outage_id", "What source systems say about outages.", cleanup="delete", configs=inputs
        ),
        topic(
            REPAIRS, "input", "work_order_id", "What they say about repair orders.", cleanup="delete", configs=inputs
        ),
        topic(COMPLAINTS, "input", "complaint_id", "What they say about complaints.", cleanup="delete", configs=inputs),
        topic(VOLTAGE, "input", "area", "What meters measured.", cleanup="delete", configs=inputs),
        topic(NETWORK, "reference", "type/id, or point/area/id", "Regions, areas, customers served.", partitions=1),
        topic(LEDGER, "internal", "case or position", "The cases and the position of each source partition."),
        topic(PARTIALS, "internal", "cell or status", "Each source partition's sums and its status."),
        topic(VOLTAGE_LEDGER, "internal", "point or position", 'The same of the app "voltage": its points.'),
        topic(VOLTAGE_PARTIALS, "internal", "cell or status", 'The same of the app "voltage".'),
        topic(KPIS, "output", "kpi|scope|dims|period", "The KPI table: one record per KPI, scope and period."),
        topic(CASES, "output", "kind/id, or point/area/id", "A summary per open or recent case, with its clocks."),
        topic(
            SLA_BREACHES,
            "output",
            "clock|kind/case|cycle",
            "The last announcement of each clock at risk or breached.",
            cleanup="compact,delete",
            configs=breaches,
        ),
        topic(
            DEAD_LETTERS,
            "output",
            "topic/partition/offset, or finding/case/rule",
            "Rejected records, without text about customers, with the reason in headers.",
            cleanup="compact,delete",
            configs=letters,
        ),
    )


def _compacted(kept: bool) -> dict[str, str]:
    """Short segments: only a closed segment is compacted, and recovery reads what is not."""
    configs = {
        "segment.ms": str(10 * 60 * 1000),
        "segment.bytes": str(32 * 2**20),
        "min.cleanable.dirty.ratio": "0.1",
        # A dead letter is its record and more, a case is all its events: what came in must fit where it goes.
        "max.message.bytes": str(8 * 2**20),
    }
    return configs | ({"min.compaction.lag.ms": str(7 * DAY_MS)} if kept else {})


def _live(days: int) -> dict[str, str]:
    """Admission compares an event with its record's timestamp: that has to be the broker's."""
    return {"message.timestamp.type": "LogAppendTime", "retention.ms": str(days * DAY_MS)}


def _replayable() -> dict[str, str]:
    """The tool sets the timestamps, which may be years old."""
    return {
        "message.timestamp.type": "CreateTime",
        "retention.ms": "-1",
        "retention.bytes": "-1",
        "message.timestamp.after.max.ms": str(2**63 - 1),
    }


@contextmanager
def admin(settings: Settings) -> Iterator[KafkaAdminClient]:
    """An administration client; a broker that does not answer is one sentence."""
    deadline_ms = settings.broker_deadline_seconds * 1000
    try:
        client = KafkaAdminClient(
            bootstrap_servers=settings.broker.split(","),
            bootstrap_timeout_ms=deadline_ms,
            request_timeout_ms=deadline_ms,
        )
    except (KafkaError, OSError, ValueError) as error:
        raise BrokerUnavailable(f"No Kafka broker answers at {settings.broker} ({type(error).__name__}).") from error
    try:
        yield client
    except KafkaError as error:
        raise BrokerUnavailable(f"The broker at {settings.broker} failed: {error}.") from error
    finally:
        client.close()


def create(settings: Settings) -> tuple[str, ...]:
    """Create what is missing, wait until every partition has a leader; the names that were created."""
    with admin(settings) as client:
        existing = set(client.list_topics())
        missing = [spec for spec in catalogue(settings) if spec.name not in existing]
        for spec in missing:
            wanted = {"num_partitions": spec.partitions, "replication_factor": -1, "configs": spec.all_configs}
            try:
                client.create_topics({spec.name: wanted})
            except TopicAlreadyExistsError:
                continue  # somebody else was faster; check() says whether it is right
        client.wait_for_topics([spec.name for spec in missing], timeout_ms=settings.broker_deadline_seconds * 1000)
    return tuple(spec.name for spec in missing)


def check(settings: Settings) -> None:
    """Compare the cluster with the catalogue; TopicsWrong names every difference."""
    specs = catalogue(settings)
    with admin(settings) as client:
        existing = set(client.list_topics())
        names = [spec.name for spec in specs if spec.name in existing]
        counts = {topic["name"]: len(topic["partitions"]) for topic in client.describe_topics(names)} if names else {}
        resources = [ConfigResource(ConfigResourceType.TOPIC, name) for name in names]
        found = client.describe_configs(resources, config_filter="all")["topic"] if names else {}
    configs = {name: {key: entry["value"] for key, entry in values.items()} for name, values in found.items()}
    wrong = differences(specs, counts, configs)
    if wrong:
        raise TopicsWrong("The topics differ from the catalogue: " + "; ".join(wrong) + ".")


def kept_since(settings: Settings, name: str, now: int) -> int:
    """The instant (epoch seconds) from which on no record of a topic can have been deleted by its retention."""
    full = settings.topic_prefix + name
    with admin(settings) as client:
        resource = ConfigResource(ConfigResourceType.TOPIC, full)
        found = client.describe_configs([resource], config_filter="all")["topic"][full]
    retention_ms = int(found["retention.ms"]["value"])
    if int(found["retention.bytes"]["value"]) >= 0:
        return now  # which records a bound on bytes has deleted, nobody can say
    return 0 if retention_ms < 0 else max(0, now - retention_ms // 1000 + KEPT_MARGIN_SECONDS)


def differences(
    specs: tuple[TopicSpec, ...], counts: dict[str, int], configs: dict[str, dict[str, str | None]]
) -> list[str]:
    """What differs, one phrase each; `counts` are the partitions of the topics that exist."""
    wrong = []
    for spec in specs:
        if spec.name not in counts:
            wrong.append(f"{spec.name} is missing")
            continue
        if counts[spec.name] != spec.partitions:
            wrong.append(f"{spec.name} has {counts[spec.name]} partitions instead of {spec.partitions}")
        for key in CHECKED:
            expected, actual = spec.all_configs.get(key), configs[spec.name].get(key)
            if expected is not None and _as_set(actual) != _as_set(expected):
                wrong.append(f"{spec.name} has {key}={actual} instead of {expected}")
    return wrong


def _as_set(value: str | None) -> set[str]:
    return set((value or "").split(","))
