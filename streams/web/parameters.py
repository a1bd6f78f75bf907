"""What a client may ask with: each parameter once, for the handlers that check it and for the OpenAPI document."""

from __future__ import annotations

from re import fullmatch
from typing import TYPE_CHECKING, Any, NamedTuple

from streams.dimensions import periods
from streams.web.problems import RequestError
from streams.web.state import PERIODS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from aiohttp import web

Query = dict[str, list[str]]


class Parameter(NamedTuple):
    """A parameter and the JSON Schema of one value; `many`: values are alternatives. `wrong` describes an error."""

    name: str
    description: str
    schema: dict[str, Any]
    many: bool = False
    wrong: Callable[[str], str | None] | None = None


def choice(name: str, description: str, values: Iterable[str], *, many: bool = True) -> Parameter:
    """One of fixed values."""
    known = tuple(values)

    def wrong(text: str) -> str | None:
        return None if text in known else f"is none of {', '.join(known)}."

    return Parameter(name, description, {"type": "string", "enum": list(known)}, many, wrong)


def text(name: str, description: str) -> Parameter:
    """Any text; what nobody bears finds nothing."""
    return Parameter(name, description, {"type": "string"}, many=True)


def limit(default: int, most: int) -> Parameter:
    """The maximum number of items of a response."""

    def wrong(given: str) -> str | None:
        whole = fullmatch("[0-9]{1,9}", given) is not None and 1 <= int(given) <= most
        return None if whole else f"is not a whole number from 1 to {most}; more come page by page."

    schema = {"type": "integer", "minimum": 1, "maximum": most, "default": default}
    return Parameter(
        "limit", "Maximum number of items in the response; further items are on the next pages.", schema, wrong=wrong
    )


def _no_period(given: str) -> str | None:
    known = f"{', '.join(PERIODS)}, a local day (2026-06-03), a week (2026-W23) or a month (2026-06)"
    return None if given in PERIODS or periods.exists(given) else f"is none of {known}."


PERIOD = Parameter(
    "period",
    "`now`, `today`, `week` and `month` (the present ones), `last30d`, a local day, an ISO 8601 week or a local month.",
    {"type": "string", "anyOf": [{"enum": list(PERIODS)}, {"pattern": f"^{periods.PATTERN}$"}]},
    many=True,
    wrong=_no_period,
)


def query(request: web.Request, parameters: tuple[Parameter, ...]) -> Query:
    """The query by name, checked. A name that does not exist is an error, not ignored."""
    known = {parameter.name: parameter for parameter in parameters}
    unknown = sorted(set(request.query) - set(known))
    if unknown:
        has = f"there are {', '.join(sorted(known))}" if known else "it takes none"
        raise RequestError(f"There is no filter {', '.join(unknown)}; {has}.")
    wanted = {name: request.query.getall(name) for name in request.query}
    for name, texts in wanted.items():
        check = known[name].wrong
        for given in texts:
            wrong = None if check is None else check(given)
            if wrong is not None:
                raise RequestError(f"{name}={given} {wrong}")
    return wanted


def last(wanted: Query, parameter: Parameter) -> str:
    """The value of a parameter that is not `many`, or its default."""
    return wanted[parameter.name][-1] if parameter.name in wanted else str(parameter.schema["default"])
