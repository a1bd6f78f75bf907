"""Whether the topics still have the number of partitions that workers were started with: it decides where a case is."""

import asyncio
from collections.abc import Iterable, Mapping

from aiokafka import AIOKafkaClient
from aiokafka.errors import KafkaError

from streams.errors import TopicsWrong
from streams.lane.fatal import spawn_guarded

INTERVAL_SECONDS = 5


class PartitionWatch:
    """Ends the process as soon as a topic has another number: keys go to other partitions from then on."""

    def __init__(self, broker: str, topics: Iterable[str], partitions: int) -> None:
        self._broker, self._topics, self._partitions = broker, tuple(topics), partitions
        self._task: asyncio.Task[None] | None = None  # asyncio itself would not keep it

    def start(self) -> None:
        self._task = spawn_guarded("the number of partitions", self._run())

    async def _run(self) -> None:
        client = AIOKafkaClient(bootstrap_servers=self._broker)
        await client.bootstrap()
        while True:
            try:
                # The metadata of all topics: asking for one by its name makes a broker create it.
                cluster = await client.fetch_all_metadata()
                check(
                    {topic: len(cluster.partitions_for_topic(topic) or ()) for topic in self._topics}, self._partitions
                )
            except (KafkaError, OSError):
                pass  # a broker that does not answer ends the process elsewhere
            await asyncio.sleep(INTERVAL_SECONDS)


def check(counts: Mapping[str, int], partitions: int) -> None:
    """TopicsWrong, where a topic has more or fewer partitions; one that is not in the metadata is passed over."""
    for topic, count in counts.items():
        if count not in {0, partitions}:
            raise TopicsWrong(
                f"{topic} has {count} partitions now, and this worker was started with {partitions}: keys go to other "
                "partitions than before, and cases would be torn apart. Create a topic with the old number, or set "
                "GRIDPULSE_PARTITIONS and begin under another GRIDPULSE_TOPIC_PREFIX"
            )
