"""How old the data of each role is, and which roles have never reported."""

from schemas.event import format_instant
from streams.cells import scopes
from streams.kpis.kpi import ROLES
from streams.web.state import Board


def current_to(board: Board, role: str) -> int | None:
    """Up to when the tiles of a role are known."""
    del role  # they stand alike as yet
    return board.current_to(scopes.ALL)


def frontier(board: Board, role: str) -> int | None:
    """The oldest read time over the sources of a role."""
    del role  # as above
    return board.frontier()


def instant(at: int | None) -> str | None:
    """As the API says it."""
    return None if at is None else format_instant(at)


def ages(board: Board) -> dict[str, int | None]:
    """By role, by how many seconds its sources are behind now; None: one has not reported."""
    found = {role: frontier(board, role) for role in ROLES}
    return {role: None if at is None else max(board.now() - at, 0) for role, at in found.items()}
