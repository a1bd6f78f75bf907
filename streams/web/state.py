"""The compacted topics in memory: KPI records, case summaries, source statuses, dead letters."""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence
from typing import Any, get_args

import orjson

from schemas.dead_letter import Reason
from streams import clock
from streams.cases.findings import FINDINGS
from streams.cells.totals import STATUS_KEY
from streams.dimensions import periods, scopes
from streams.kpis.kpi import ROLES, Role

Record = dict[str, Any]

REASON_HEADER = "__connect.errors.exception.class.name"
NO_OUTCOMES = frozenset(("next_offset", "start", "refused"))
REASONS = frozenset((*get_args(Reason), *(f"finding:{rule}" for rule in FINDINGS)))
LATELY_SECONDS = 900
PERIODS = ("now", "today", "week", "month", "last30d")


def role_of(kind: str) -> Role:
    """Whose workers write the summaries of a kind of case."""
    return "voltage" if kind == "point" else "cases"


def letter_reason(headers: Iterable[tuple[str, bytes | None]]) -> str:
    """The reason of a dead letter, one of gridpulse's own reasons; other programs may write any text there."""
    header = next((value for name, value in headers if name == REASON_HEADER), b"")
    reason = (header or b"").decode(errors="replace")
    return reason if reason in REASONS else "other"


class Board:
    """The latest of everything; `frontier` is how far all sources of a role have read, in seconds since the epoch.

    A source is a partition of a role. The roles are independent: the data of one
    role are never stale because the other role has stopped or was never started.

    With marks (replay) `now` is the furthest frontier: the wall clock is unrelated to recorded time.
    """

    def __init__(
        self,
        partitions: int,
        *,
        zone: str,
        marks: bool = False,
        stale_after_seconds: int = 10,
        wall: Callable[[], int] = clock.now,
    ) -> None:
        self.partitions = partitions
        self.zone = zone
        self.marks = marks
        self.stale_after_seconds = stale_after_seconds
        self.kpis: dict[str, Record] = {}
        self.cells: dict[tuple[str, str, str], dict[str, Record]] = {}  # the same by (kpi, scope, period), then dims
        self._by_type: dict[tuple[str, str, str], set[str]] = {}  # scopes by (kpi, period, area type)
        self.cases: dict[str, Record] = {}
        self.statuses: dict[tuple[Role, int], Record] = {}
        self.dead_letters: Counter[str] = Counter()
        self.version = 0  # grows with every change, so that nothing is rendered twice
        self.skew_ms: Callable[[], int] = lambda: 0  # how far this host's clock is ahead of the broker's
        self.wall = wall
        self._refusals: dict[tuple[Role, int], deque[tuple[int, int]]] = {}
        self._letter_reasons: dict[bytes, str] = {}

    # -- from the topics -----------------------------------------------------------------------------------------------

    def apply_kpis(self, _partition: int, records: Sequence[Any]) -> None:
        for record in records:
            key = record.key.decode()
            kpi, scope, dims, period = key.split("|")
            if record.value is None:
                self.kpis.pop(key, None)
                self.cells.get((kpi, scope, period), {}).pop(dims, None)
            else:
                value = self.kpis[key] = orjson.loads(record.value)
                self.cells.setdefault((kpi, scope, period), {})[dims] = value
                if (area_type := dict(scopes.fields(scope)).get("area_type")) is not None:
                    self._by_type.setdefault((kpi, period, area_type), set()).add(scope)
        self.version += 1

    def apply_cases(self, _partition: int, records: Sequence[Any]) -> None:
        for record in records:
            if record.value is None:
                self.cases.pop(record.key.decode(), None)
            else:
                self.cases[record.key.decode()] = orjson.loads(record.value)
        self.version += 1

    def apply_partials(self, partition: int, records: Sequence[Any], role: Role = "cases") -> None:
        """Only the status of each source is stored from the partials; KPI records have the sums."""
        for record in records:
            if record.key == STATUS_KEY and record.value is not None:
                status = orjson.loads(record.value)
                if status["as_of"]:  # without a read time it describes no instant
                    self.statuses[role, partition] = status
                    self._note_refusals(self._refusals.setdefault((role, partition), deque()), status)
                    self.version += 1

    @staticmethod
    def _note_refusals(history: deque[tuple[int, int]], status: Record) -> None:
        rows = status.get("processed", {}).values()
        history.append((status["as_of"], sum(sum(row.get("refused", {}).values()) for row in rows)))
        while len(history) > 1 and history[1][0] <= history[-1][0] - LATELY_SECONDS:
            history.popleft()

    def refused_lately(self) -> int:
        """Records that became dead letters in the last quarter of an hour of read time, over all sources."""
        return sum(history[-1][1] - history[0][1] for history in self._refusals.values())

    def apply_dead_letters(self, _partition: int, records: Sequence[Any]) -> None:
        for record in records:
            before = self._letter_reasons.pop(record.key, None)
            if before is not None:
                self.dead_letters[before] -= 1
            if record.value is not None:
                reason = letter_reason(record.headers)
                self._letter_reasons[record.key] = reason
                self.dead_letters[reason] += 1
        self.version += 1

    # -- time ----------------------------------------------------------------------------------------------------------

    def roles(self) -> tuple[Role, ...]:
        """The roles of which a source has reported: a company without voltage points runs no workers for them."""
        return tuple(role for role in ROLES if any(reported == role for reported, _ in self.statuses))

    def frontier(self, role: Role) -> int | None:
        """The oldest read time over the sources of a role; None while one has not reported."""
        if self.missing_sources(role):
            return None
        oldest: int = min(status["as_of"] for (each, _), status in self.statuses.items() if each == role)
        return oldest

    def oldest(self, roles: Iterable[Role] = ROLES) -> int | None:
        """The oldest frontier of the sources of some roles; None while a source has not reported."""
        found = [self.frontier(role) for role in self.roles() if role in roles]
        known = [at for at in found if at is not None]
        return min(known) if found and len(known) == len(found) else None

    def frontier_of(self, case: Record) -> int | None:
        """The oldest frontier of the role that publishes the case."""
        return self.frontier(role_of(case["kind"]))

    def missing_sources(self, role: Role) -> tuple[int, ...]:
        return tuple(number for number in range(self.partitions) if (role, number) not in self.statuses)

    def now(self) -> int:
        """The instant everything is compared with; 0 with marks before the first."""
        if not self.marks:
            return self.wall()
        return max((at for role in self.roles() if (at := self.frontier(role)) is not None), default=0)

    def current_to(self, scope: str, role: Role = "cases") -> int | None:
        """Up to when a role's KPIs of a scope are known: its oldest read time, or less where their owner is behind."""
        frontier = self.frontier(role)
        if frontier is None:
            return None
        published: int | None = self.statuses[role, scopes.owner(scope, self.partitions)].get("published")
        return None if published is None else min(frontier, published)

    def is_stale(self, current_to: int | None) -> bool:
        """Whether it is too old, or from the future: some clock is wrong then, and nobody knows how old it is."""
        if current_to is None or self.marks:
            return current_to is None
        return abs(self.wall() - current_to) > self.stale_after_seconds

    def today(self) -> str:
        return periods.local_day(self.now(), self.zone)

    def period(self, name: str) -> str:
        """The period of a record that `now`, `today`, `week`, `month` or `last30d` mean; others mean themselves."""
        match name:
            case "today":
                return self.today()
            case "week":
                return periods.week_of(self.today())
            case "month":
                return periods.month_of(self.today())
        return name

    # -- reading -------------------------------------------------------------------------------------------------------

    def find(self, kpi: str, period: str, scope: str = scopes.ALL) -> list[Record]:
        """The records of a KPI in a scope and a period (`today`, `week`, `month`, too), one for each of its dims."""
        return list(self.cells.get((kpi, scope, self.period(period)), {}).values())

    def of_type(self, kpi: str, period: str, area_type: str) -> list[Record]:
        """The records of a KPI without dims in a period, one for each region that has areas of the type."""
        known = self._by_type.get((kpi, self.period(period), area_type), ())
        return [record for scope in sorted(known) for record in self.find(kpi, period, scope)]

    def findings(self) -> Counter[str]:
        """How many of the cases carry each finding."""
        return Counter(finding for case in self.cases.values() for finding in case.get("findings") or ())

    def unlisted(self) -> Counter[str]:
        """Values that are on no list of the contract, by `family.field`; of the network all sources state the same."""
        total: Counter[str] = Counter()
        network: Counter[str] = Counter()
        for status in self.statuses.values():
            unlisted: Counter[str] = Counter(status.get("unlisted", {}))
            of_network = Counter({name: count for name, count in unlisted.items() if name.startswith("network.")})
            network |= of_network
            total += unlisted - of_network
        return total + network

    def processed(self) -> Counter[str]:
        """Input records by outcome, over all sources and topics."""
        total: Counter[str] = Counter()
        for status in self.statuses.values():
            for counts in status.get("processed", {}).values():
                total.update({name: count for name, count in counts.items() if name not in NO_OUTCOMES})
        return total
