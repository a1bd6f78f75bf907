"""The facts of a complaint event, each with its path in the state of the case.

| path | value |
| --- | --- |
| accepted | instant |
| case_kind, category, level, channel, area | the last value stated |
| customer | the pseudonym of the last reference stated |
| links, outage_id or point_id or area | the last value stated |
| assigned, transferred, returned, contacted, ruled, rated; occurrence | [instant, detail if stated] |
| forwarded, replied, survey_sent, closed, reopened, withdrawn; occurrence | [instant] |

The occurrence is the event's id, or the one it corrects; a void event retracts it. The reference of the customer
is no fact: `pseudonyms` makes the stored value, and needs the key.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING, Any

from streams.facts import Fact
from streams.facts import occurrences as occurrence

if TYPE_CHECKING:
    from streams.reference.rules import Rules

PSEUDONYM_CHARACTERS = 32  # of 64: 128 bits, so that no two customers share them
_OPTIONAL = ("category", "level", "channel", "area")
_LINKS = ("outage_id", "point_id", "area")
_DETAIL = {
    "assigned": "unit",
    "transferred": "unit",
    "returned": "reason",
    "contacted": "purpose",
    "ruled": "justified",
    "rated": "score",
}


def facts_of(event: Any) -> list[Fact]:
    """The facts of one event of `schemas.complaint`, without the customer."""
    name = event.event_type
    if name == "accepted":
        return _accepted(event)
    if name == "linked":
        given = event.given
        return [Fact(("links", link), None if event.void else given[link]) for link in _LINKS if link in given]
    path = (name, occurrence.identity(event.event_id, event.corrects))
    if event.void:
        return [Fact(path, None)]
    detail = event.given.get(_DETAIL[name]) if name in _DETAIL else None
    return [Fact(path, [event.occurred_at] if detail is None else [event.occurred_at, detail])]


def pseudonyms(event: Any, rules: Rules) -> list[Fact]:
    """The customer as HMAC-SHA256 of the reference; without a key none, so that a key set later still counts."""
    if event.event_type != "accepted" or "customer_ref" not in event.given:
        return []
    if event.void or event.customer_ref is None:
        return [Fact(("customer",), None)]
    if not rules.pseudonym_key:
        return []
    made = hmac.new(rules.pseudonym_key.encode(), event.customer_ref.encode(), hashlib.sha256).hexdigest()
    return [Fact(("customer",), made[:PSEUDONYM_CHARACTERS])]


def _accepted(event: Any) -> list[Fact]:
    given = event.given
    if event.void:
        return [Fact(("accepted",), None), Fact(("case_kind",), None)]
    facts = [Fact(("accepted",), event.occurred_at), Fact(("case_kind",), event.case_kind)]
    return facts + [Fact((name,), given[name]) for name in _OPTIONAL if name in given]
