"""JSON Lines for the oracle, written by hand: records as they lie in the topics, and what comes of them."""

import itertools
import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from schemas.codec import encode
from streams.oracle.engine import Cell, Oracle
from streams.oracle.records import from_files
from streams.settings import Settings
from tests.support.lives import promising

ZONE = ZoneInfo("Asia/Shanghai")
OUTAGES, REPAIRS, COMPLAINTS = "grid.outages.v1", "grid.repairs.v1", "grid.complaints.v1"
NETWORK = "grid.network.v1"
Ratio = tuple[int | None, int | None]


def at(text: str) -> int:
    """Epoch seconds of a local time such as "06-03 08:00" of 2026, or of an instant with its offset."""
    if len(text) > len("06-03 08:00:00"):
        return int(datetime.fromisoformat(text).timestamp())
    return int(datetime.fromisoformat(f"2026-{text.replace(' ', 'T')}").replace(tzinfo=ZONE).timestamp())


def rfc(text: str) -> str:
    return datetime.fromtimestamp(at(text), ZONE).isoformat()


class Lines:
    """A file of records; each event is a revision later than the one before, and arrives when it happens."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "events.jsonl"
        self._lines: list[dict[str, Any]] = []
        self._numbers = itertools.count(1)

    def area(
        self,
        name: str,
        region: str = "north",
        area_type: str | None = "urban",
        customers: int = 10_000,
        served: Sequence[dict[str, Any]] | None = None,
    ) -> None:
        served = [{"from": "2026-01-01", "customers": customers}] if served is None else list(served)
        value = {"record_type": "area", "area": name, "region": region, "area_type": area_type, "served": served}
        self.add(NETWORK, f"area/{name}", "01-01 00:00", value)

    def promise(self, **changes: Any) -> None:
        """Another policy than the shipped one, as tests.support.lives.promising makes it."""
        policy = promising(**changes).commitments.policies[-1]
        self.add(NETWORK, policy.record_key, "01-01 00:00", json.loads(encode(policy)))

    def outage(self, case: str, event_type: str, when: str, **said: Any) -> None:
        self._say((OUTAGES, "outage_id"), case, event_type, when, said)

    def order(self, case: str, event_type: str, when: str, **said: Any) -> None:
        self._say((REPAIRS, "work_order_id"), case, event_type, when, said)

    def complaint(self, case: str, event_type: str, when: str, **said: Any) -> None:
        self._say((COMPLAINTS, "complaint_id"), case, event_type, when, said)

    def report(self, case: str, when: str, area: str = "A", **said: Any) -> None:
        """A repair order created when its report came in."""
        fixed = {"report_received_at": rfc(when), "work_type": "repair", "origin": "call", "area": area}
        self.order(case, "created", when, **(fixed | said))

    def _say(self, where: tuple[str, str], case: str, event_type: str, when: str, said: dict[str, Any]) -> None:
        topic, field = where
        number = next(self._numbers)
        if isinstance(said.get("areas"), dict):
            count = "remaining" if event_type in {"extended", "step_restored"} else "customers"
            said["areas"] = [{"area": area or None, count: n} for area, n in said["areas"].items()]
        fixed = {"started": {"kind": "fault"}, "step_restored": {"by": "switching"}}.get(event_type, {})
        arrives = said.pop("arrives", when)
        envelope = {
            "event_type": event_type,
            field: case,
            "event_id": f"e{number}",
            "revision": number,
            "occurred_at": rfc(when),
            "recorded_at": rfc(when),
            "source": "oms",
        }
        self.add(topic, case, arrives, envelope | fixed | said)

    def add(self, topic: str, key: str, when: str, value: Any) -> None:
        self._lines.append({"topic": topic, "key": key, "timestamp_ms": at(when) * 1000, "value": value})

    def again(self, index: int) -> None:
        """The same record once more."""
        self._lines.append(self._lines[index])

    def alter(self, index: int, **changes: Any) -> None:
        """Other things about a record that was added."""
        self._lines[index] = self._lines[index] | changes

    def cells(self, when: str, kpis: Iterable[str] | None = None, **settings: Any) -> dict[str, Cell]:
        """Of these KPIs, or of all."""
        self.file.write_text("".join(json.dumps(line) + "\n" for line in self._lines))
        with Oracle(Settings(**settings), list(from_files([self.file]))) as oracle:
            return oracle.cells(at(when), kpis)

    def ratios(self, when: str, *keys: str, **settings: Any) -> list[Ratio]:
        """Numerator and denominator of each key."""
        cells = self.cells(when, names(keys), **settings)
        return [(cells[key].numerator, cells[key].denominator) for key in keys]


def names(keys: Iterable[str]) -> list[str]:
    """The KPIs of record keys, each once."""
    return sorted({key.partition("|")[0] for key in keys})
