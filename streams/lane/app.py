"""A Faust app that runs on the lane: membership, assignment, agents and life cycle are Faust's, the rest is not."""

from collections.abc import AsyncIterator, Awaitable, Callable

import faust

from streams.lane.batch import Batch
from streams.lane.fatal import die
from streams.lane.fold import Fold
from streams.lane.lane import Lane
from streams.lane.transport import BatchSchema
from streams.settings import Settings

# More than a fetch brings of four partitions: aiokafka sends the next one when all of it is taken, and until that is
# answered the writers have something to do.
MAX_POLL_RECORDS = 20_000


def new_app(settings: Settings, app_id: str) -> faust.App:
    """What Faust would store, serve, declare or commit by itself is switched off."""
    return faust.App(
        app_id,
        broker=[f"gridpulse://{server}" for server in settings.broker.split(",")],
        store="gridpulse://",
        datadir=settings.data_dir,
        web_enabled=False,
        topic_partitions=settings.partitions,
        topic_allow_declare=False,
        topic_disable_leader=True,
        table_standby_replicas=0,
        recovery_consistency_check=False,  # it compares with the highwaters that lane.transport reports as 0
        consumer_auto_offset_reset="earliest",
        consumer_group_instance_id=settings.instance or None,
        broker_session_timeout=settings.session_timeout_seconds,
        broker_heartbeat_interval=settings.session_timeout_seconds / 4,
        broker_commit_interval=1.0,
        broker_max_poll_records=MAX_POLL_RECORDS,
        stream_buffer_maxsize=64,
        worker_redirect_stdouts=False,
    )


def attach(app: faust.App, lane: Lane[Fold]) -> None:
    """Hang the lane on the app: its tables, an agent per input, assignment and revoke."""
    app.lane = lane
    config = lane.config
    for name in config.tables:
        declare_table(app, lane, name)
    for name in config.inputs:
        source = app.topic(name, schema=BatchSchema(), value_type=bytes, partitions=config.partitions)
        app.agent(source, name=name)(hand_on(lane))

    async def revoke(*_args: object, **_kwargs: object) -> None:
        await lane.revoke()

    async def close(*_args: object, **_kwargs: object) -> None:
        await lane.close()

    app.on_partitions_revoked.connect(revoke)
    app.on_before_shutdown.connect(close)


def declare_table(app: faust.App, lane: Lane[Fold], name: str) -> None:
    """A Faust table over rows that the lane owns; the lane's recovery hangs on the ledger's."""
    partitions = lane.config.partitions
    app.Table(
        name,
        key_type=bytes,
        value_type=bytes,
        partitions=partitions,
        changelog_topic=app.topic(name, key_type=bytes, value_type=bytes, partitions=partitions),
        options={
            "rows": lambda: lane.rows(name),
            "recover": lane.recover if name == lane.config.ledger else None,
        },
    )


def hand_on(lane: Lane[Fold]) -> Callable[[AsyncIterator[Batch]], Awaitable[None]]:
    """An agent's body. It never raises: Faust would acknowledge the batch, restart the agent and go on without it."""

    async def agent(stream: AsyncIterator[Batch]) -> None:
        async for batch in stream:
            try:
                lane.offer(batch)
            except Exception as error:  # noqa: BLE001  # see above
                die(f"handing on {batch.topic} partition {batch.partition}", error)

    return agent
