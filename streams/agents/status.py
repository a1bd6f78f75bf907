"""The status of a source partition: the record beside its partials with its progress and its rejected records."""

from collections.abc import Mapping

import orjson

from streams.cases.interface import AnyLedger
from streams.lane.position import Position
from streams.reference.calendars import calendar_ends

VERSION = 1


def status(
    now: int,
    position: Position,
    ledger: AnyLedger,
    refused: Mapping[str, Mapping[str, int]],
    *,
    made_with: int,
    published: int | None,
    defects: int,
    rows_set_aside: int,
    drift: int,
) -> bytes:
    """The record's value at read time `now`; `refused` counts rejected records by topic and reason."""
    return orjson.dumps(
        {
            "v": VERSION,
            "made_with": made_with,
            "as_of": now,
            "published": published,
            "clock": position.clock,
            "processed": {
                name: {
                    "next_offset": topic.next_offset,
                    "start": topic.start,
                    "refused": refused.get(name, {}),
                    **topic.counts,
                }
                for name, topic in position.topics.items()
            },
            "cases": len(ledger.cases),
            "defects": defects,
            "rows_set_aside": rows_set_aside,
            "gaps": [gap for topic in position.topics.values() for gap in topic.gaps],
            "unknown_fields": ledger.unknown_fields,
            "unlisted": ledger.unlisted | dict(ledger.reference.network.unlisted),
            "drift": drift,
            "calendar_ends": calendar_ends(ledger.reference, now),
        }
    )
