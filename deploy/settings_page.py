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


def render() -> str:
    """The whole document."""
    properties: dict[str, dict[str, Any]] = Settings.model_json_schema()["properties"]
    head = ("variable", "default", "values", "what it does")
    rows = [
        (f"`{PREFIX}{name.upper()}`", _default(field), _values(field), field["description"])
        for name, field in properties.items()
    ]
    return HEAD + table(head, rows)


def _default(field: dict[str, Any]) -> str:
    default = field["default"]
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    return f"`{default}`" if default != "" else "empty"


def _values(field: dict[str, Any]) -> str:
    if "enum" in field:
        return ", ".join(f"`{value}`" for value in field["enum"])
    if field["type"] == "boolean":
        return "`true`, `false`"
    if field["type"] == "integer":
        lowest, highest = field["minimum"], field.get("maximum")
        return f"{lowest} and more" if highest is None else f"{lowest} to {highest}"
    return f"`{field['pattern']}`" if "pattern" in field else "text"
