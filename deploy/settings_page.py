"""docs/settings.md, made from the settings class."""

from typing import Any

from deploy.markdown import table
from streams.settings import PREFIX, Settings

HEAD = """\
# Settings

Generated from `streams/settings.py` by `make render`; do not edit. Every setting is an environment variable. An unknown
variable that begins with `GRIDPULSE_`, or a value out of bounds, stops every command with a message that names the
variable. Workers and web servers of one installation share `GRIDPULSE_BROKER`, `GRIDPULSE_TOPIC_PREFIX`,
`GRIDPULSE_PARTITIONS`, `GRIDPULSE_CLOCK` and `GRIDPULSE_ZONE`.

"""
TAIL = """
## Customers

The reference of a customer in a complaint is replaced when the record is admitted, by the first 32 hexadecimal digits
of HMAC-SHA256 with `GRIDPULSE_PSEUDONYM_KEY`. Without a key the reference is dropped, and two complaints of one
customer cannot be distinguished from complaints of two customers. The plain reference stays in the input topic for its
retention; dead letters do not contain it. All workers need the same key. A new key makes new pseudonyms; stored
pseudonyms do not change.

## Working calendars

The lists of China for 2025 and 2026 are built in (streams/sla/calendars, from the PyPI packages `chinesecalendar` and
`holidays`, which have to agree; neither has an official list of 2027 yet). `gridpulse policy load FILE` loads a list in
the same format; it applies to all days from its `valid_from` to its `valid_to`, and moves the deadlines of open cases.
Outside of all lists the days from Monday to Friday are worked, and the case has the finding `calendar_not_loaded`. An
alert fires thirty days before the end of the lists ([runbook](runbook.md#calendar-ends)).

## Commitments

The policy defines limits, warnings and office hours; the shipped policy is streams/sla/policies/default.toml. Load a
file of the same format with `gridpulse policy load FILE`, after `policy check FILE` and `policy diff FILE`, which shows
the changes for open cases. All workers apply it at once; the policy with the last `valid_from` before the begin of a
case applies to the case.
"""


def render() -> str:
    """The whole document."""
    properties: dict[str, dict[str, Any]] = Settings.model_json_schema()["properties"]
    head = ("variable", "default", "values", "what it does")
    rows = [
        (f"`{PREFIX}{name.upper()}`", _default(field), _values(field), field["description"])
        for name, field in properties.items()
    ]
    return HEAD + table(head, rows) + TAIL


def _default(field: dict[str, Any]) -> str:
    default = field["default"]
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    return f"`{default}`" if default != "" else "empty"


def _values(field: dict[str, Any]) -> str:
    if field.get("format") == "password":
        return "a secret"
    if "enum" in field:
        return ", ".join(f"`{value}`" for value in field["enum"])
    if field["type"] == "object":
        return "JSON"
    if field["type"] == "boolean":
        return "`true`, `false`"
    if field["type"] == "integer":
        lowest, highest = field["minimum"], field.get("maximum")
        return f"{lowest} and more" if highest is None else f"{lowest} to {highest}"
    return f"`{field['pattern']}`" if "pattern" in field else "text"
