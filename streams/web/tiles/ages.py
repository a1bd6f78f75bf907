"""How old the data of each role is, and which roles have never reported."""

from schemas.event import format_instant
from streams.kpis.kpi import ROLES, Role
from streams.web.state import Board


def instant(at: int | None) -> str | None:
    """As in the API."""
    return None if at is None else format_instant(at)


def ages(board: Board) -> dict[Role, int | None]:
    """By role, by how many seconds its sources are behind now; None: one has not reported."""
    found = {role: board.frontier(role) for role in ROLES}
    return {role: None if at is None else max(board.now() - at, 0) for role, at in found.items()}
