"""docs/topics.md, made from the catalogue of topics."""

from deploy.markdown import table
from schemas import EVENTS, RECORDS
from streams.settings import Settings
from streams.topics import PARTIALS, VOLTAGE_PARTIALS, TopicSpec, catalogue

EXAMPLE_PREFIX = "feb."
SINGLE_PARTITION = 1

HEAD = """\
# Topics

Generated from `streams/topics.py` by `make render`; do not edit. `gridpulse topics create` creates missing topics.
`gridpulse topics check` compares a cluster with this page: existence, number of partitions, `cleanup.policy`,
`message.timestamp.type`. The other options are tuning and may be changed.

- *n* is [`GRIDPULSE_PARTITIONS`](settings.md). Partition *i* of every topic with *n* partitions belongs to one writer,
  which reads partition *i* of the inputs and writes partition *i* of all other topics.
- Keys are UTF-8, values JSON. Producers of the inputs set the key and use Kafka's default partitioner for keys
  (murmur2). A record is rejected as `misrouted` if its key is not the id of the event, or the area of a reading, or if
  its partition is not the murmur2 partition of the key (`GRIDPULSE_PARTITIONER`).
- The workers of the role `voltage` read `grid.voltage-readings.v1` and have a ledger and partials of their own; the
  workers of the role `cases` read the other inputs. Both write the outputs, under keys that never coincide.
- All derived records are written in transactions: read them with `isolation.level=read_committed`. On compacted topics
  the last value of a key is valid, and a record without a value deletes the key.

"""

ON_MARKS = """\

## With a prefix, and on marks

[`GRIDPULSE_TOPIC_PREFIX`](settings.md) is the prefix of every topic, of the consumer groups `gridpulse-cases` and
`gridpulse-voltage` and of the transactional ids, which are the name of a group with `-<partition>`. With
[`GRIDPULSE_CLOCK=marks`](settings.md) the topics are created for replays: records keep the timestamps of their
producer, and nothing is lost to retention or compaction. The options that differ, with the prefix `{prefix}`:

"""


def render() -> str:
    """The whole document, for the default settings."""
    plain = catalogue(Settings.model_construct())
    replayed = catalogue(Settings.model_construct(topic_prefix=EXAMPLE_PREFIX, clock="marks"))
    head = ("topic", "role", "key", "partitions", "options", "schema", "content")
    rows = [(*_cells(spec), _schema(spec.name), spec.description) for spec in plain]
    changed = [(f"`{new.name}`", _new_options(old, new)) for old, new in zip(plain, replayed, strict=True)]
    return (
        HEAD
        + table(head, rows)
        + ON_MARKS.format(prefix=EXAMPLE_PREFIX)
        + table(("topic", "options that differ"), changed)
    )


def _cells(spec: TopicSpec) -> tuple[str, ...]:
    partitions = str(SINGLE_PARTITION) if spec.partitions == SINGLE_PARTITION else "*n*"
    return f"`{spec.name}`", spec.role, f"`{spec.key}`", partitions, _options(spec)


def _options(spec: TopicSpec) -> str:
    return _listed(spec.all_configs)


def _new_options(plain: TopicSpec, replayed: TopicSpec) -> str:
    before = plain.all_configs
    return _listed({name: value for name, value in replayed.all_configs.items() if before.get(name) != value})


def _listed(options: dict[str, str]) -> str:
    return ", ".join(f"`{name}={value}`" for name, value in options.items())


def _schema(name: str) -> str:
    described = {family.topic for family in (*EVENTS, *RECORDS)}
    name = PARTIALS if name == VOLTAGE_PARTIALS else name  # one form, in the topics of both apps
    return f"[JSON Schema](../schemas/json/{name}.json)" if name in described else "internal format"
