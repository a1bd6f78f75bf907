"""The wiring, from inputs to outputs. Read it from top to bottom: it is the flow."""

import asyncio
import gc
import logging
from collections.abc import Callable

import faust
import uvloop

from streams import clock, topics
from streams.agents.partition import SUMMARY_VERSION, SourcePartition
from streams.agents.partition_watch import PartitionWatch
from streams.agents.placement import Placement
from streams.agents.publication import Publication
from streams.agents.reference_reader import ReferenceData
from streams.cases.interface import AnyLedger
from streams.cases.ledger import Ledger
from streams.cases.points import PointLedger
from streams.cells.partials import Partials
from streams.cells.totals import Totals
from streams.kpis import DROPPED, KPIS
from streams.kpis.basis import based_on
from streams.kpis.kpi import Role
from streams.lane.app import attach, new_app
from streams.lane.broker_clock import BrokerClock, checked
from streams.lane.config import LaneConfig
from streams.lane.lane import Lane
from streams.lane.presence import Presence
from streams.publish.board import Board
from streams.readers.header_names import tolerate
from streams.readers.rows import CHECKS
from streams.reference.reference import Reference
from streams.settings import Settings
from streams.web.listening import claim
from streams.web.worker import WorkerServer
from streams.wiring.names import Names
from streams.wiring.rules import rules_of

GC_THRESHOLDS = (50_000, 10, 10)  # allocations, then collections of the younger generation; Python: 700, 10, 10
LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"


def create_app(settings: Settings, role: Role = "cases") -> faust.App:
    """The app of a role.

    cases: events of outages, orders and complaints in; voltage: readings in. Cases, partials and KPIs out.
    """
    prefix, names, rules = settings.topic_prefix, Names.under(settings.topic_prefix, role), rules_of(settings)
    marks, deadline = settings.clock == "marks", settings.broker_deadline_seconds
    app = new_app(settings, names.app_id)

    reference = ReferenceData(settings.broker, prefix + topics.NETWORK, rules, deadline_seconds=deadline)

    def new_partition(partition: int) -> SourcePartition:
        board = Board(
            partition,
            settings.partitions,
            based_on(KPIS, rules.momentary_threshold_seconds, rules.voltage_limits),
            rules,
            publish_interval=settings.publish_interval_seconds,
            growth_interval=settings.growth_interval_seconds,
            role=role,
            dropped=DROPPED,
        )
        placement = Placement(partition, settings.partitions, settings.partitioner)
        ledger = new_ledger(role, reference.current, placement.owns)
        return SourcePartition(
            partition,
            names,
            board,
            ledger,
            audit_interval_seconds=settings.audit_interval_seconds,
            announces_from=announces_from(settings, now_ms() // 1000),
            announced_since=announced_since,
            placement=placement,
        )

    announced_since = 0
    broker_clock = None if marks else BrokerClock(settings)
    now_ms = clock.now_ms if broker_clock is None else broker_clock.now_ms

    async def ready() -> None:
        nonlocal announced_since
        if broker_clock is not None:
            await broker_clock.start(strict=True)
        announced_since = await asyncio.to_thread(topics.kept_since, settings, topics.SLA_BREACHES, now_ms() // 1000)
        await reference.start()
        publication.start()
        watch.start()

    lane = Lane(
        LaneConfig(
            broker=settings.broker,
            app_id=names.app_id,
            partitions=settings.partitions,
            clock=settings.clock,
            inputs=tuple(names.families),
            tables=(names.ledger, names.partials, names.kpis, names.breaches),
            ledger=names.ledger,
            interval_seconds=settings.commit_interval_ms / 1000,
            deadline_seconds=deadline,
            contiguous=settings.contiguous_inputs,
            faults=settings.fault_points,
            checks={prefix + topic: check for topic, check in CHECKS.items()},
            ahead_max_seconds=settings.clock_skew_max_seconds,
        ),
        new_partition,
        generation=lambda: app.consumer_generation_id,
        ready=ready,
        now_ms=now_ms,
    )

    def new_totals() -> Totals:
        return Totals(
            settings.partitions,
            settings.zone,
            marks=marks,
            stale_after=settings.stale_after_seconds,
            made_with=SUMMARY_VERSION,
        )

    publication = Publication(
        settings.broker,
        names.partials,
        new_totals,
        lane.writers.values,
        marks=marks,
        deadline_seconds=deadline,
        check=CHECKS[topics.PARTIALS],
    )
    if broker_clock is not None:
        lane.skew_ms = lambda: broker_clock.skew_ms
    lane.on_change = lambda: publication.owners_changed(reference.current)
    reference.on_change = publication.refer
    watch = PartitionWatch(settings.broker, (*lane.config.inputs, *lane.config.tables), settings.partitions)
    attach(app, lane)
    return app


def announces_from(settings: Settings, now: int) -> int | None:
    """From which deadline on a new ledger announces (epoch seconds); None: from its first mark on.

    Live, it begins now: a ledger that is built from weeks of events announces no deadlines of weeks ago.
    """
    if settings.announce_past:
        return 0
    return None if settings.clock == "marks" else now


def new_ledger(role: Role, reference: Reference, owns: Callable[[str], bool]) -> AnyLedger:
    """The empty ledger of a source partition; `owns` returns whether the events of an area come to it."""
    if role == "voltage":
        return PointLedger(Partials(), reference, owns)
    return Ledger(Partials(), reference)


def run_worker(settings: Settings, role: Role = "cases") -> None:
    """Run until SIGTERM or Ctrl-C; any broken invariant ends the process with exit code 70.

    Raises TopicsWrong, BrokerUnavailable, ClockWrong, InstanceTaken or what is wrong with its port before anything is
    started.
    """
    clock.shift(settings.fault_clock_seconds)
    tolerate()
    topics.check(settings)
    if settings.clock == "wall":
        asyncio.run(checked(settings))
    port, host = settings.worker_port, settings.web_host
    claimed = claim(host, port, "GRIDPULSE_WORKER_PORT") if port else None
    logging.basicConfig(level=logging.WARNING, format=LOG_FORMAT)
    for name in ("streams.lane", "streams.agents"):
        logging.getLogger(name).setLevel(logging.INFO)
    # What a worker keeps is many and lives long; searching it for cycles took a third of a recovery. And the records
    # that wait for a writer are some ten thousands, none of them in a cycle.
    gc.set_threshold(*GC_THRESHOLDS)
    presence = Presence(settings, role) if settings.instance else None
    if presence:
        presence.start()
    asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
    app = create_app(settings, role)
    servers = [WorkerServer(settings, app.lane, claimed)] if claimed else []
    worker = faust.Worker(app, *servers, override_logging=False, quiet=True, redirect_stdouts=False)
    try:
        worker.execute_from_commandline()
    finally:
        if presence:
            presence.stop()
