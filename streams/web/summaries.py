"""A case summary at the read time, and the period in which the case began."""

from collections.abc import Iterable, Mapping
from typing import Any

from schemas.event import format_instant, parse_instant
from streams.dimensions import periods
from streams.web.state import Board, Record

BEGINS = {"outage": "started_at", "order": "report_received_at", "complaint": "accepted_at"}


def instant(value: str | int | None) -> int | None:
    """Whole seconds since the epoch, from RFC 3339."""
    return parse_instant(value) if isinstance(value, str) else value


def customer_seconds(case: Mapping[str, Any], at: int | None) -> int | None:
    """Customer-seconds without supply of a case at `at`: an open case grows by its customers out per second."""
    base: int | None = case.get("customer_seconds_out")
    as_of = instant(case.get("as_of"))
    if base is None or at is None or as_of is None or not case.get("open"):
        return base
    return base + (case.get("customers_out") or 0) * max(at - as_of, 0)


def contributed(case: Record, rows: Iterable[Record], at: int) -> list[Record]:
    """Rows of what a case contributes, with what grows at `at`, in seconds since the epoch."""
    since = instant(case["as_of"]) or 0
    return [
        row | {"amount": row["amount"] + row["per_second"] * (at - since)} if row["per_second"] else row for row in rows
    ]


def at_read_time(board: Board, case: Record) -> dict[str, Any]:
    """A summary with its growing values at the read time of its own role; `as_of` is that time."""
    at, as_of = board.frontier_of(case), instant(case["as_of"])
    if at is None or as_of is None or at <= as_of or not case["open"]:
        return case
    grown: Record = {"contributes": contributed(case, case["contributes"], at)} if case.get("contributes") else {}
    if case["kind"] == "outage":
        grown["customer_seconds_out"] = customer_seconds(case, at)
    return {**case, **grown, "as_of": format_instant(at)}


def begin(case: Record) -> int | None:
    """The begin of a case: interruption, report or acceptance; None for a case without a begin."""
    return instant(case.get(BEGINS[case["kind"]])) if case["kind"] in BEGINS else None


def in_period(board: Board, at: int | None, period: str) -> bool:
    """Whether an instant lies in `today`, `week`, `month`, `last30d`, a local day, week or month; always in `now`."""
    if period == "now":
        return True
    days = periods.days(board.period(period), board.today())
    return at is not None and periods.local_day(at, board.zone) in days


def soonest(case: Record, status: str) -> str:
    """The first deadline of a case's clocks with a status, as sortable text."""
    return min((clock["deadline_at"] for clock in case.get("clocks", ()) if clock["status"] == status), default="")
