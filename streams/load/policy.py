"""`gridpulse policy`: a version of the policy, or a list of the working calendar, checked, compared, loaded."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import orjson

from schemas import codec
from schemas.policy import Policy, WorkingCalendar
from streams import clock, topics
from streams.agents.announcing import PREFIX
from streams.cases.ledger import Ledger
from streams.cells.partials import Partials
from streams.errors import InputUnreadable
from streams.lane.position import KEY
from streams.load.producer import Sender
from streams.load.topic_rows import rows_of
from streams.reference.network import Network
from streams.reference.reference import Commitments, Reference
from streams.settings import Settings
from streams.sla.clocks import Clock
from streams.wiring.rules import rules_of

CommitmentRecord = Policy | WorkingCalendar


@dataclass(frozen=True)
class Moved:
    """A changed clock of an open case: deadline and status before and after; None: no such clock."""

    case: str
    clock: str
    before: tuple[int | None, str] | None
    after: tuple[int | None, str] | None


def read(path: Path) -> CommitmentRecord:
    """The policy or the calendar in a TOML file; InputUnreadable names every wrong field."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise InputUnreadable(f"{path} is no TOML: {error}.") from error
    if "policy" in content:
        content = {"record_type": "policy", **content}
    else:
        content = {"record_type": "calendar", "calendar": path.stem, **content}
    try:
        decoded = codec.decode("network", orjson.dumps(content))
    except (codec.InvalidEvent, TypeError) as error:
        raise InputUnreadable(f"{path} is wrong: {error}.") from error
    if decoded.unknown:
        raise InputUnreadable(f"{path} has fields that mean nothing: {', '.join(sorted(decoded.unknown))}.")
    loaded: CommitmentRecord = decoded.event
    return loaded


def load(settings: Settings, record: CommitmentRecord, *, dry_run: bool) -> bool:
    """Write the record to the network topic, unless it is loaded; whether it differs from the loaded record."""
    topics.check(settings)
    content = orjson.loads(codec.encode(record))
    key = record.record_key
    loaded = rows_of(settings, topics.NETWORK).get(key.encode())
    differs = loaded is None or orjson.loads(loaded) != content
    if differs and not dry_run:
        with Sender(settings) as sender:
            sender.send("network", key, content)
    return differs


def moved_by(settings: Settings, record: CommitmentRecord) -> list[Moved]:
    """The clocks of open cases that the record would change, as of the read time of the ledger."""
    before = _reference(rows_of(settings, topics.NETWORK), settings)
    after = replace(before, commitments=_with(before.commitments, record))
    rows = rows_of(settings, topics.LEDGER)
    as_of = orjson.loads(rows.pop(KEY, b"\x01{}")[1:]).get("as_of")
    now = as_of if as_of is not None and settings.clock == "marks" else clock.now()
    ledger = Ledger(Partials(), before)
    ledger.load(((key, value) for key, value in rows.items() if not key.startswith(PREFIX)), now)
    found: list[Moved] = []
    for key, case in sorted(ledger.cases.items()):
        old, new = (case.kind.contribution(case.id, case.facts, reference, now) for reference in (before, after))
        if old.summary["open"]:
            found += _differences(key, {each.key: each for each in old.clocks}, {each.key: each for each in new.clocks})
    return found


def _differences(case: str, before: Mapping[str, Clock], after: Mapping[str, Clock]) -> Iterator[Moved]:
    for key in sorted(before.keys() | after.keys()):
        old, new = before.get(key), after.get(key)
        was, would = ((each.deadline_at, each.status) if each is not None else None for each in (old, new))
        if was != would:
            yield Moved(case, key, was, would)


def _reference(rows: Mapping[bytes, bytes], settings: Settings) -> Reference:
    records = []
    for value in rows.values():
        try:
            records.append(codec.decode("network", value).event)
        except codec.InvalidEvent:
            continue  # the workers ignore it, too, and log it
    return Reference(Network.from_records(records), rules_of(settings), Commitments.from_records(records))


def _with(before: Commitments, record: CommitmentRecord) -> Commitments:
    others = (each for each in (*before.policies, *before.lists) if each.record_key != record.record_key)
    return Commitments.from_records((*others, record))
