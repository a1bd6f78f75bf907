"""Records and pages of the API's lists."""

from typing import Any

from schemas.event import format_instant
from tests.support.web_board import NOW, body, record


def complaint(case: str, **changes: Any) -> Any:
    value = {
        "case": case, "kind": "complaint", "state": "accepted", "open": True, "case_kind": "complaint",
        "category": "service", "level": None, "regions": ["north"], "areas": ["T1"], "findings": [], "contributes": [],
        "accepted_at": format_instant(NOW - 86_400), "as_of": format_instant(NOW),
    } | changes  # fmt: skip
    return record(f"complaint/{case}", value)


async def pages(client: Any, path: str) -> list[list[str]]:
    """What each page has, following `next`."""
    found, following = [], path
    while following is not None:
        page = await body(client, following)
        found.append([item.get("key") or item["case"] for item in page["items"]])
        following = page["next"]
    return found
