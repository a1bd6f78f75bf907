"""GET /metrics: the board as Prometheus series in base units, made anew for every scrape."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import get_args

from aiohttp import web
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from schemas.dead_letter import Reason
from schemas.event import format_instant
from streams.dimensions import scopes
from streams.kpis import KPIS, Kpi
from streams.kpis.kpi import ROLES
from streams.lane.position import OUTCOMES
from streams.web.exposition import expose
from streams.web.feed import Feed
from streams.web.keys import BOARD, FEED
from streams.web.state import PERIODS, Board, Record

GROUPINGS = ("all", "region", "region,area_type")  # crews are in the API: their number has no bound
REGIONS_MAX = 100  # the others are in the API too, and counted as left out
FIRST = ("all", "region")  # what the notation of these scopes begins with
Cell = tuple[str, str, dict[str, str], list[Record]]  # grouping, name of the period, place, records
SCOPE_LABELS = ("scope", "region", "area_type")
REASONS = get_args(Reason)
UNDECIDED = frozenset(("running", "at_risk", "unproven"))  # one that is paused has no deadline
SUFFIXES = {"minutes": ("seconds", 60), "ratio": ("ratio", 1), "interruptions per customer": ("ratio", 1)}


async def metrics(request: web.Request) -> web.Response:
    """Text or OpenMetrics, as the scraper accepts."""
    return expose(request, BoardCollector(request.app[BOARD], request.app.get(FEED)))


class BoardCollector(Collector):
    """An undefined value has no series; a stale value keeps its series, and the age series show its age."""

    def __init__(self, board: Board, feed: Feed | None = None) -> None:
        self._board = board
        self._feed = feed

    def describe(self) -> Iterable[Metric]:
        return ()

    def collect(self) -> Iterator[Metric]:
        """All families; KPIs first."""
        shown = self._shown()
        for kpi in KPIS:
            yield from self._kpi(kpi, shown.get(kpi.name, ()))
        yield from self._sources()
        yield from self._processed()
        yield from self._totals()
        yield from self._clocks()
        yield from self._readers()

    def _shown(self) -> dict[str, list[Cell]]:
        """By KPI, in one pass over all cells, its cells that have series."""
        named = {self._board.period(name): name for name in PERIODS}
        regions, shown = set(), dict[str, list[Cell]]()
        for (kpi, scope, period), cells in self._board.cells.items():
            if period not in named or scope.partition("=")[0] not in FIRST:
                continue
            place = dict(scopes.fields(scope))
            regions.add(place.get("region", ""))
            if (grouping := scopes.grouping(scope)) in GROUPINGS:
                shown.setdefault(kpi, []).append((grouping, named[period], place, list(cells.values())))
        first = {"", *sorted(regions - {""})[:REGIONS_MAX]}  # by name: a scrape has the same ones as the last
        return {kpi: [cell for cell in found if cell[2].get("region", "") in first] for kpi, found in shown.items()}

    def _kpi(self, kpi: Kpi, shown: Iterable[Cell]) -> Iterator[Metric]:
        name, scale = series_name(kpi), SUFFIXES.get(kpi.unit, ("", 1))[1]
        labels = [*SCOPE_LABELS, "period", *(dim.name for dim in kpi.dims)]
        cells = list(shown)
        used = next((record["basis"] for *_, records in cells for record in records), kpi.basis)
        basis = f"{kpi.title_en}; {used}; by {kpi.assigned_by}."
        value = GaugeMetricFamily(name, basis, labels=labels)
        above = GaugeMetricFamily(
            f"{name}_numerator", f"Above the line, sums without scope all. {basis}", labels=labels
        )
        below = GaugeMetricFamily(f"{name}_denominator", f"Below the line; 0 is undefined. {basis}", labels=labels)
        for record, values in _records(labels, cells):
            top, bottom = record["numerator"], record["denominator"]
            if top is None or bottom is None or record["value"] is None:
                continue
            value.add_metric(values, scale * top / bottom)
            above.add_metric(values, top)
            below.add_metric(values, bottom / scale)
        yield value
        if not _is_plain(kpi):
            yield above
            yield below

    def _sources(self) -> Iterator[Metric]:
        board = self._board
        gauges = {
            "as_of": _gauge("source_read_timestamp_seconds", "Read time of a source partition.", "role", "partition"),
            "published": _gauge(
                "source_published_timestamp_seconds",
                "Read time of the KPIs a partition published.",
                "role",
                "partition",
            ),
            "cases": _gauge("source_cases", "Cases in the ledger of a source partition.", "role", "partition"),
            "defects": _gauge("source_defects", "Cases our code broke on.", "role", "partition"),
            "unknown_fields": _gauge(
                "source_unknown_fields", "Fields the contract does not know.", "role", "partition"
            ),
            "rows_set_aside": _gauge(
                "source_rows_set_aside",
                "Keys whose last row in the ledger, the sums or the KPIs of a partition was foreign at its recovery.",
                "role",
                "partition",
            ),
            "drift": _gauge("source_drift", "Measures that differ from an independent fold: 0.", "role", "partition"),
        }
        unlisted = _gauge(
            "source_unlisted_values",
            "Values outside the lists of the contract: of all events, and of the current network records.",
            "role",
            "partition",
            "field",
        )
        ages = _gauge("source_age_seconds", "How far a source partition is behind now.", "role", "partition")
        for (role, number), status in sorted(board.statuses.items()):
            for name, gauge in gauges.items():
                if status.get(name) is not None:
                    gauge.add_metric([role, str(number)], status[name])
            ages.add_metric([role, str(number)], max(board.now() - status["as_of"], 0))
            for field, count in sorted(status.get("unlisted", {}).items()):
                unlisted.add_metric([role, str(number), field], count)
        yield from gauges.values()
        yield unlisted
        yield ages
        expected = _gauge("sources_expected", "Source partitions of a role there have to be.", "role")
        missing = _gauge("sources_missing", "Source partitions of a role that have not reported.", "role")
        read = _gauge("read_timestamp_seconds", "Up to when all sources of a role have been read.", "role")
        age = _gauge("data_age_seconds", "How far the slowest source of a role is behind now.", "role")
        for role in ROLES:
            expected.add_metric([role], board.partitions)
            missing.add_metric([role], len(board.missing_sources(role)))
            frontier = board.frontier(role)
            if frontier is not None:
                read.add_metric([role], frontier)
                age.add_metric([role], max(board.now() - frontier, 0))
        yield from (expected, missing, read, age)

    def _processed(self) -> Iterator[Metric]:
        events = CounterMetricFamily(
            "gridpulse_events_processed",
            "Records of the inputs by what became of them; each is counted once.",
            labels=["topic", "partition", "outcome"],
        )
        offsets = _gauge("source_next_offset", "The next offset a source partition reads.", "topic", "partition")
        for (_, number), status in sorted(self._board.statuses.items()):
            for topic, counts in sorted(status["processed"].items()):
                for outcome in OUTCOMES:
                    events.add_metric([topic, str(number), outcome], counts.get(outcome, 0))
                if counts.get("next_offset") is not None:
                    offsets.add_metric([topic, str(number)], counts["next_offset"])
        yield events
        yield offsets
        yield from self._refused()

    def _refused(self) -> Iterator[Metric]:
        """A counter that alerts go by: none before the topics are read, or a start of this server would be growth."""
        if self._feed is not None and not self._feed.is_caught_up:
            return
        refused = CounterMetricFamily(
            "gridpulse_events_refused", "Records that became dead letters, by reason.", labels=["topic", "reason"]
        )
        counts: Counter[tuple[str, str]] = Counter()
        for status in self._board.statuses.values():
            for topic, row in status["processed"].items():
                counts.update({(topic, reason): row.get("refused", {}).get(reason, 0) for reason in REASONS})
        for labels, count in sorted(counts.items()):
            refused.add_metric(labels, count)
        yield refused

    def _totals(self) -> Iterator[Metric]:
        board = self._board
        letters = _gauge("dead_letters", "Retained dead letters, by reason.", "reason")
        for reason, count in sorted(board.dead_letters.items()):
            letters.add_metric([reason], count)
        yield letters
        ends = [at for status in board.statuses.values() if (at := status.get("calendar_ends")) is not None]
        if ends:
            text = "The first instant that no list of the working calendar has; deadlines beyond it are provisional."
            yield _single("calendar_ends_timestamp_seconds", text, min(ends))
        findings = _gauge("findings", "Open and recent cases that break a rule.", "rule")
        for rule, count in sorted(board.findings().items()):
            findings.add_metric([rule], count)
        yield findings
        cases = _gauge("cases", "Open and recent cases.", "kind", "open")
        counted: dict[tuple[str, str], int] = {}
        for case in board.cases.values():
            key = (case["kind"], "true" if case["open"] else "false")
            counted[key] = counted.get(key, 0) + 1
        for key, count in sorted(counted.items()):
            cases.add_metric(list(key), count)
        yield cases
        yield _single("kpi_records", "KPI records in memory.", len(board.kpis))

    def _clocks(self) -> Iterator[Metric]:
        """Clocks that are undecided or breached; no series before all topics are read: the number would be too low."""
        board, feed = self._board, self._feed
        if feed is not None and not feed.is_caught_up:
            return
        now = format_instant(board.now())  # RFC 3339 in UTC sorts by time
        undecided = sum(
            clock["status"] in UNDECIDED and clock["deadline_at"] < now
            for case in board.cases.values()
            for clock in case.get("clocks", ())
        )
        yield _single("sla_clocks_undecided", "Clocks past their deadline that no source has read up to.", undecided)
        late: Counter[tuple[str, str, str, str]] = Counter()
        for case in board.cases.values():
            for clock in case.get("clocks", ()):
                if clock["status"] == "breached" and clock["open"]:
                    about = case["kind"], clock["clock"], clock["severity"]
                    late.update((region, *about) for region in case["regions"])
        text = "Open clocks past their deadline; severity as in the policy of the case."
        breached = _gauge("sla_clocks_breached", text, "region", "kind", "clock", "severity")
        first = sorted({labels[0] for labels in late})[:REGIONS_MAX]
        for labels, count in sorted(late.items()):
            if labels[0] in first:
                breached.add_metric(labels, count)
        yield breached

    def _readers(self) -> Iterator[Metric]:
        feed = self._feed
        skew = "How far the clock of the web server's host is ahead of the broker's."
        yield _single("web_clock_skew_seconds", skew, self._board.skew_ms() / 1000)
        yield _single("web_ready", "1 when all topics were read to their end.", int(feed is None or feed.is_caught_up))
        progress = _gauge("web_recovery_ratio", "How much of a topic was read at the start.", "topic")
        for topic, (read, total) in ({} if feed is None else feed.progress()).items():
            progress.add_metric([topic], 1.0 if total == 0 else read / total if total else 0.0)
        yield progress
        aside = _gauge("web_rows_set_aside", "Keys whose last row in a topic is foreign or damaged.", "topic")
        for guard in () if feed is None else feed.guards.values():
            aside.add_metric([guard.topic], guard.set_aside)
        yield aside
        labels = ("topic", "partition", "transactional_id", "producer_id")
        held = _gauge("input_transaction_open_seconds", "How long a transaction is open on an input.", *labels)
        for each in () if feed is None else feed.transactions.found:
            place = [each.topic, str(each.partition), each.transactional_id, str(each.producer_id)]
            held.add_metric(place, max(0, self._board.wall() - each.since))
        yield held


def _records(labels: list[str], shown: Iterable[Cell]) -> Iterator[tuple[Record, list[str]]]:
    for grouping, period, place, cells in shown:
        for record in cells:
            texts = {"scope": grouping.replace(",", "_"), "period": period, **place, **record["dims"]}
            yield record, [texts.get(label, "") for label in labels]


def series_name(kpi: Kpi) -> str:
    """The name of a KPI's series, with its unit in Prometheus's base units."""
    suffix = SUFFIXES.get(kpi.unit, ("", 1))[0]
    return f"gridpulse_{kpi.name}" + (f"_{suffix}" if suffix else "")


def _is_plain(kpi: Kpi) -> bool:
    """Whether the value has no denominator: counts and percentiles."""
    return kpi.periods == ("now",) or kpi.name.endswith(("_p50", "_p90"))


def _gauge(what: str, text: str, *labels: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"gridpulse_{what}", text, labels=labels)


def _single(what: str, text: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"gridpulse_{what}", text, value=value)
