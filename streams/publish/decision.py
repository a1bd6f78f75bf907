"""For each candidate whether it is published at this read time, and when it is checked again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.event import format_instant
from streams.dimensions.scopes import ALL, NOW
from streams.kpis.kpi import Ratio, Undefined
from streams.publish.record import has_changed, is_growth, record_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streams.kpis.variants import Variant
    from streams.publish.outlook import Outlook, View
    from streams.publish.table import Record, Table

DEFECT = "defect"
EPOCH = "1970-"  # periods that early versions published before they knew the time: no real past
Records = list[tuple[str, "Record | None"]]


class Decision:
    """One evaluation of the table at a read time; `tick` is the second that waiting is measured in.

    `added`: keys that are there because the version before published their periods, and did not have their KPIs.
    """

    def __init__(
        self,
        table: Table,
        outlook: Outlook,
        tick: int,
        known: frozenset[str],
        added: frozenset[str] = frozenset(),
        *,
        complete: bool,
    ) -> None:
        self.records: Records = []
        self._table, self._outlook, self._tick, self._known = table, outlook, tick, known
        self._added = added
        self._complete, self._as_of, self._current = complete, format_instant(outlook.at), outlook.current

    def take(self, key: str, variant: Variant, scope: str, period: str, view: View) -> None:
        """Publish a key when its record has changed and its time has come; otherwise check it again in time."""
        table, tick = self._table, self._tick
        last = table.records.get(key)
        if not self._exists(variant, scope, period, view, listed=last is not None or key in self._added):
            if last is None:
                table.dirty.discard(key)
            elif table.may_send(key, table.publish_interval, tick):
                self.retire((key,))
            return
        outcome, final = view.outcome(variant), self._is_final(key, view.final_at(variant))
        findings, changed_at = view.findings(variant, outcome), view.changed_at(variant)
        record = record_of(
            variant,
            scope,
            period,
            outcome,
            as_of=self._as_of,
            complete=self._complete and not self._outlook.misses(period),
            final=final,
            since=view.since(variant) if isinstance(outcome, Ratio) else None,
            findings=findings,
            days=view.served.days if variant.kpi.per_customer and isinstance(outcome, Ratio) else None,
        )
        if last is not None and not has_changed(last, record):
            table.plan(key, changed_at, tick)
        elif last is None or table.may_send(key, self._wait(key, last, record, changed_at), tick):
            self._publish(key, record)
            table.plan(key, changed_at, tick)

    def fail(self, key: str, variant: Variant, scope: str, period: str) -> None:
        """A value that our code breaks on is undefined: the last good one would be read as the present one."""
        last = self._table.records.get(key)
        if last is None or last["reason"] != DEFECT:
            outcome = Undefined(DEFECT)
            record = record_of(
                variant, scope, period, outcome, as_of=self._as_of, complete=self._complete, final=False,
                since=None, findings=(),
            )  # fmt: skip
            self._publish(key, record)
        self._table.timers.put(self._tick + self._table.growth_interval, key)

    def _publish(self, key: str, record: Record) -> None:
        last = self._table.records.get(key)
        record["revision"] = last["revision"] + 1 if last else 1
        self._table.put(key, record, self._tick)
        self.records.append((key, record))

    def retire(self, keys: Iterable[str]) -> None:
        """Publish that keys are no more."""
        for key in keys:
            self._table.remove(key)
            self.records.append((key, None))

    def _exists(self, variant: Variant, scope: str, period: str, view: View, *, listed: bool) -> bool:
        """A key is there while there is something in it; a known scope's is there without, and keeps its past.

        What once was in an unknown scope must not show: with events in another order it might never have been there.
        """
        if view.has(variant):
            return True
        known = scope in self._known
        if period == NOW:
            return known or scope == ALL
        return known and ((listed and not period.startswith(EPOCH)) or period in self._current)

    def _is_final(self, key: str, final_at: int | None) -> bool:
        """Whether the value is final at this read time; if it will be, it is checked again then."""
        if final_at is None or self._outlook.at >= final_at:
            return final_at is not None
        self._table.timers.put(max(final_at, self._tick + 1), key)
        return False

    def _wait(self, key: str, last: Record, record: Record, changed_at: int | None) -> int:
        """How long after the last publication this change may go out: growth alone has time."""
        table = self._table
        if changed_at is None or table.fresh(key, changed_at):
            return table.publish_interval
        return table.growth_interval if is_growth(last, record) else table.publish_interval
