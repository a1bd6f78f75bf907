"""The tile about the data themselves: how old they are, by role, and what was wrong with some of them."""

from typing import Any

from streams.web.state import Board
from streams.web.texts import reason_message
from streams.web.tiles.ages import ages, instant

MANY_REFUSED = 10  # in a quarter of an hour, as in deploy/prometheus/alerts/events_refused.yml
LISTED = "findings"


def render(board: Board) -> dict[str, Any]:
    """The oldest of the ages; behind it is the list of cases with findings. Roles that never reported have none."""
    by_role = ages(board)
    known = [age for age in by_role.values() if age is not None]
    age = max(known, default=None)
    oldest = min((at for role in by_role if (at := board.frontier(role)) is not None), default=None)
    processed, findings = board.processed(), sum(board.findings().values())
    counts = {
        "rejected": processed["rejected"] + processed["defect"],
        "refused_lately": board.refused_lately(),
        "findings": findings,
        "unlisted_values": board.unlisted().total(),
        "dead_letters": board.dead_letters.total(),
    }
    alarming = "refused_lately" if counts["refused_lately"] >= MANY_REFUSED else None
    reason = "no_source" if age is None else None
    return {
        "form": "seconds", "unit": "unit.seconds", "role": None,
        "main": {
            "label": "", "numerator": age, "denominator": None, "value": None if age is None else str(age),
            "reason": reason, "reason_text": reason_message(reason), "basis": None, "target": None, "target_by": None,
            "provisional": False,
            "as_of": instant(oldest), "sum": findings, "line": None,
            "since": None, "findings": [],
        },
        "beside": [],
        "parts": [
            {"label": label, "value": value, "alarm": label == alarming, "counted": True, "group": 0}
            for label, value in {**{f"role.{role}": age for role, age in by_role.items()}, **counts}.items()
        ],
        "bars": False, "alarm": alarming is not None, "note": "", "behind": "cases",
        "stale": board.is_stale(oldest), "current_to": instant(oldest),
    }  # fmt: skip
