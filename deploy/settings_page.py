"""docs/settings.md, made from the settings class."""

from typing import Any

from deploy.markdown import table
from streams.settings import PREFIX, Settings

HEAD = """\
# Settings

Generated from `streams/settings.py` by `make render`; do not edit. Every setting is a variable of the environment. An
unknown variable that begins with `GRIDPULSE_`, or a value out of bounds, stops every command with a sentence that names
it. Workers and web servers of one installation share `GRIDPULSE_BROKER`, `GRIDPULSE_TOPIC_PREFIX`,
`GRIDPULSE_PARTITIONS`, `GRIDPULSE_CLOCK` and `GRIDPULSE_ZONE`.

"""
TAIL = """
## Customers

The reference of a customer in a complaint is replaced when the record is admitted, by the first 32 hexadecimal digits
of HMAC-SHA256 with `GRIDPULSE_PSEUDONYM_KEY`. Without a key the reference is dropped, and two complaints of one
customer cannot be told from those of two. The plain reference stays in the input topic for its retention, and in the
dead letter of a record that was rejected, which keeps the record's bytes as they came. All workers need the same key.
Another key makes other pseudonyms: what was kept under the old one stays as it is.

## Working calendars

Built in are China's of 2025 and 2026 (streams/sla/calendars, from the PyPI packages `chinesecalendar` and `holidays`,
which have to agree; neither has an official list of 2027 yet). `gridpulse policy load FILE` takes a list that looks
like them; it holds for all days from its `valid_from` to its `valid_to`, and moves the deadlines of open cases. Beyond
all lists the days from Monday to Friday are worked, and the case has the finding `calendar_not_loaded`. An alert says
thirty days before that the lists end ([runbook](runbook.md#calendar-ends)).

## Promises

Limits, warnings and office hours are those of the policy: the shipped one is streams/sla/policies/default.toml. A file
like it is loaded with `gridpulse policy load FILE`, after `policy check FILE` and `policy diff FILE`, which shows what
would change for open cases. All workers have it at once; the last `valid_from` at the begin of a case holds for it.
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
