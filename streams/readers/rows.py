"""Whether a row of a topic that gridpulse writes itself is its own: what anybody else left there must stop no reader.

A check gets key and value of a row and gives the reason why it is foreign or damaged, or None. Fields that a check does
not know are passed over, and so are new words in a list of states: a newer version may have written them.
"""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

import orjson
from pydantic import BaseModel, ValidationError

from schemas.case_summary import CaseSummary
from schemas.kpi_record import KpiRecord
from schemas.partial_record import PartialRecord, SourceStatus
from schemas.sla_breach import SlaBreach
from streams import topics
from streams.cases.crews import KIND as CREW
from streams.cases.ledger import KINDS
from streams.cells.totals import STATUS
from streams.dimensions import periods, scopes
from streams.publish.record import parts_of

Check = Callable[[bytes | None, bytes | None], str | None]

REASON_CHARACTERS_MAX: Final = 200
VERSIONS_END: Final = b" "  # versions are control characters: a text that somebody wrote has none in front
POSITION: Final = b"position"
WAITS: Final = b"\x00"  # of a row that an older version wrote and that is made anew from the inputs
TABLES: Final = frozenset({"channels", "tags", "styles"})
DAY_ROW: Final = re.compile(r"-?[0-9]{1,7}|about")
SIDES: Final = ("announced", "defect")  # rows in addition to cases and points
POINT_PARTS: Final = 4


class Foreign(Exception):
    """The reason why a row is none of ours."""


def _checked(check: Callable[[str, bytes | None], None]) -> Check:
    def why_foreign(key: bytes | None, value: bytes | None) -> str | None:
        try:
            check((key or b"").decode(), value)
        except ValidationError as error:
            first = error.errors(include_url=False, include_context=False, include_input=False)[0]
            return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"[:REASON_CHARACTERS_MAX]
        except Exception as error:  # noqa: BLE001  # whatever it is, it is the row's
            return f"{type(error).__name__}: {error}"[:REASON_CHARACTERS_MAX]
        return None

    return why_foreign


def _need(fulfilled: object, reason: str) -> None:
    if not fulfilled:
        raise Foreign(reason)


# -- what all may read -------------------------------------------------------------------------------------------------


def _kpi(key: str, value: bytes | None) -> None:
    kpi, scope, _, period = parts_of(key)
    _need(kpi, "the key names no KPI")
    _need(scope == scopes.ALL or scopes.grouping(scope) in scopes.GROUPINGS, "the key names no scope")
    periods.period_end(period, "UTC")
    if value is not None:
        record = KpiRecord.model_validate_json(value)
        _need((record.kpi, record.period) == (kpi, period), "the record is of another key")
        _need(record.scope == dict(scopes.fields(scope)), "the record is of another scope")


def _partial(key: str, value: bytes | None) -> None:
    if key == STATUS:
        _need(value is not None, "a status is never removed")
        SourceStatus.model_validate_json(value or b"")
        return
    scope, period = scopes.split(key)
    _need(scope == scopes.ALL or scopes.grouping(scope) in scopes.GROUPINGS, "the key is no cell")
    periods.period_end(period, "UTC")
    if value is not None:
        PartialRecord.model_validate_json(value)


def _case(key: str, value: bytes | None) -> None:
    kind, slash, name = key.partition("/")
    _need(kind and slash and name, "the key is not <kind>/<case>")
    if value is not None:
        _read(CaseSummary, value)
        _need(orjson.loads(value)["kind"] == kind, "the summary is of another kind")


def _breach(key: str, value: bytes | None) -> None:
    clock, case, cycle = key.split("|")
    _need("/" in case, "the key is not <clock>|<kind>/<case>|<cycle>")
    if value is not None:
        record = SlaBreach.model_validate_json(value)
        _need((record.clock, record.cycle) == (clock, int(cycle)), "the record is of another key")


def _letter(key: str, _value: bytes | None) -> None:
    _need(key, "the letter has no key")


def _read(model: type[BaseModel], value: bytes) -> None:
    """Against the contract, except for enumeration values that a newer version may have added."""
    try:
        model.model_validate_json(value)
    except ValidationError as error:
        if any(each["type"] != "literal_error" for each in error.errors(include_url=False, include_input=False)):
            raise


# -- ledgers -----------------------------------------------------------------------------------------------------------


def _position(value: bytes | None) -> None:
    if value is not None:
        _need(value[:1] < VERSIONS_END, "it has no version")
        position = orjson.loads(value[1:])
        _need(isinstance(position["as_of"], int) and isinstance(position["topics"], dict), "it is no position")


def _ledger(key: str, value: bytes | None) -> None:
    if key == POSITION.decode():
        _position(value)
        return
    kind, slash, name = key.partition("/")
    _need(slash and name and (kind in KINDS or kind in SIDES or kind == CREW), "the key is none of a ledger")
    _version(value)
    if value not in {None, WAITS} and kind != "defect":
        _need(isinstance(orjson.loads((value or b"")[1:]), dict), "the value is no object")


def _voltage_ledger(key: str, value: bytes | None) -> None:
    if key == POSITION.decode():
        _position(value)
        return
    kind, *rest = key.split("/")
    if kind in SIDES:
        _ledger(key, value)
        return
    _version(value)
    if kind == "book":
        table, number = rest
        _need(table in TABLES and number.isdecimal(), "the key is none of a book")
        _need(value is None or isinstance(orjson.loads(value[1:]), list), "the value is no list")
        return
    _need(
        kind == "point" and len(rest) == POINT_PARTS - 1 and DAY_ROW.fullmatch(rest[2]), "the key is none of a ledger"
    )
    if value == WAITS:
        return
    if value is not None and rest[2] == "about":
        point = orjson.loads(value[1:])
        _need("nominal" in point and "statistics" in point, "the value does not describe a point")
    elif value is not None:
        _need(value[1:2] in {b"o", b"s"}, "the value is no day of a point")


def _version(value: bytes | None) -> None:
    _need(value is None or b"" < value[:1] < VERSIONS_END, "the value has no version")


CHECKS: Final[Mapping[str, Check]] = MappingProxyType(
    {
        topics.LEDGER: _checked(_ledger),
        topics.VOLTAGE_LEDGER: _checked(_voltage_ledger),
        topics.PARTIALS: _checked(_partial),
        topics.VOLTAGE_PARTIALS: _checked(_partial),
        topics.KPIS: _checked(_kpi),
        topics.CASES: _checked(_case),
        topics.SLA_BREACHES: _checked(_breach),
        topics.DEAD_LETTERS: _checked(_letter),
    }
)
