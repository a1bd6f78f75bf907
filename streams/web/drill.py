"""What each case adds to the numerator of a tile: the lists behind the tiles add up to them."""

from collections.abc import Callable
from dataclasses import dataclass

from streams.web.state import Board, Record
from streams.web.summaries import customer_seconds, in_period, instant

FAULT = frozenset(("fault", "upstream", "customer_caused"))
COUNTED = FAULT | {"planned", "temporary", "load_shedding", None}  # non-payment is no interruption of supply
LONG_SECONDS = 8 * 3600

Amount = Callable[[Board, Record, int], int | None]


@dataclass(frozen=True)
class Behind:
    """`amount(board, case, at)` in `unit` at read time `at`; None: the case is not part of the tile."""

    kind: str
    unit: str
    amount: Amount

    def bind(self, board: Board) -> Callable[[Record], int | None]:
        at = board.frontier() or 0
        return lambda case: self.amount(board, case, at) if self.kind in {"", case["kind"]} else None


def _open_outage(case: Record) -> bool:
    return bool(case["open"]) and case.get("outage_kind") in COUNTED


def _customers_out(_board: Board, case: Record, _at: int) -> int | None:
    return case.get("customers_out") or 0 if _open_outage(case) else None


def _outage_open(_board: Board, case: Record, _at: int) -> int | None:
    return 1 if _open_outage(case) else None


def _outage_long(_board: Board, case: Record, at: int) -> int | None:
    started = instant(case.get("started_at"))
    return 1 if _open_outage(case) and started is not None and at - started >= LONG_SECONDS else None


def _restored(board: Board, case: Record, _at: int) -> int | None:
    started, restored = instant(case.get("started_at")), instant(case.get("restored_at"))
    if case.get("outage_kind") not in FAULT or case["state"] == "contradictory" or started is None or restored is None:
        return None
    return restored - started if in_period(board, restored, "today") else None


def _arrived(board: Board, case: Record, _at: int) -> int | None:
    received, arrived = instant(case.get("report_received_at")), instant(case.get("arrived_at"))
    if case.get("work_type") != "repair" or received is None or arrived is None:
        return None
    return arrived - received if in_period(board, received, "today") else None


def _on_time(board: Board, case: Record, at: int) -> int | None:
    received, deadline = instant(case.get("report_received_at")), instant(case.get("deadline_at"))
    arrived = instant(case.get("arrived_at"))
    if case.get("work_type") != "repair" or deadline is None or not in_period(board, received, "today"):
        return None
    if arrived is not None:
        return int(arrived <= deadline)
    return 0 if at > deadline and case["state"] != "cancelled" else None


def _order_open(_board: Board, case: Record, _at: int) -> int | None:
    return 1 if case["open"] else None


def _findings(_board: Board, case: Record, _at: int) -> int | None:
    return len(case.get("findings") or ()) or None


def interrupted(period: str) -> Behind:
    """Customer-seconds of faults that began in a period, of all durations: momentary ones are listed too."""

    def amount(board: Board, case: Record, at: int) -> int | None:
        started = instant(case.get("started_at"))
        if case.get("outage_kind") not in FAULT or started is None or not in_period(board, started, period):
            return None
        return customer_seconds(case, at)

    return Behind("outage", "customer_seconds", amount)


def interruptions(period: str) -> Behind:
    """Customers interrupted longer than the threshold by faults that began in a period."""

    def amount(board: Board, case: Record, _at: int) -> int | None:
        started = instant(case.get("started_at"))
        if case.get("outage_kind") not in FAULT or started is None or not in_period(board, started, period):
            return None
        return case.get("customer_interruptions") or 0

    return Behind("outage", "customers", amount)


CUSTOMERS_OUT = Behind("outage", "customers", _customers_out)
OUTAGES_OPEN = Behind("outage", "outages", _outage_open)
OUTAGES_LONG = Behind("outage", "outages", _outage_long)
RESTORED_TODAY = Behind("outage", "seconds", _restored)
ARRIVED_TODAY = Behind("order", "seconds", _arrived)
DUE_TODAY = Behind("order", "orders", _on_time)
ORDERS_OPEN = Behind("order", "orders", _order_open)
FINDINGS = Behind("", "findings", _findings)
