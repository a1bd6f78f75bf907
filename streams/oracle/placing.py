"""Which records lie where murmur2 of their key does not put them; by kafka-python, a third party to both sides."""

from kafka.partitioner.default import murmur2

from streams import topics


def is_foreign(topic: str, key: bytes | None, partition: int, partitions: int) -> bool:
    """Whether a producer with Kafka's partitioner would have put the record elsewhere."""
    if topic == topics.NETWORK or key is None:
        return False
    return bool((murmur2(key) & 0x7FFFFFFF) % partitions != partition)
