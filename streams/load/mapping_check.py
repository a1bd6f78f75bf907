"""Errors of a mapping against the contract: unknown fields, invalid values."""

from typing import Any

from streams.load.fields import Contract, contract_of
from streams.load.mapping import Rule, hint, rules_of

SCALE_MAX = 10**6


def objections(content: dict[str, Any]) -> list[str]:
    """A sentence per mistake in the content of a mapping whose form is right."""
    contract = contract_of(content["family"])
    values, scale = content.get("values", {}), content.get("scale", {})
    wrong: list[str] = []
    used: set[str] = set()
    for rule in rules_of(content):
        types = _event_types(rule, contract, values)
        if isinstance(types, str):
            wrong.append(types)
            continue
        used.update(rule.fields)
        for name in rule.fields:
            if not any(contract.field(event_type, name) for event_type in types):
                known = sorted({path for event_type in types for path in contract.paths(event_type)})
                wrong.append(f"{name} is no field of {' or '.join(types)}{hint(name, known)}.")
        wrong += _of_constants(rule, contract, types)
        wrong += [
            f"[columns] {name} takes one column, not a list of {len(columns)}."
            for name, columns in rule.columns.items()
            if not isinstance(columns, str) and not any(_is_list(contract, event_type, name) for event_type in types)
        ]
        if "event_type" in rule.constants:
            wrong += [
                f"{types[0]} needs {name}: name a column, a constant or a template."
                for name in contract.required(types[0])
                if name not in {path.split(".")[0] for path in rule.fields}
            ]
    if wrong:
        return _once(wrong)
    wrong += [
        f"[{part}] {name} is not a field that is mapped."
        for part, names in (("values", values), ("scale", scale))
        for name in names
        if name not in used
    ]
    return _once(wrong or _of_values(content, contract))


def _event_types(rule: Rule, contract: Contract, values: dict[str, Any]) -> tuple[str, ...] | str:
    """The types of event that a rule can make, or the error."""
    known = contract.event_types
    if "event_type" in rule.columns:
        types = values.get("event_type", {})
        return tuple(name for name in known if name in types.values()) or known if isinstance(types, dict) else known
    event_type = rule.constants.get("event_type")
    if event_type is None:
        return f"event_type is missing: a constant, or a column, that is one of {', '.join(known)}."
    if event_type not in known:
        return f"event_type {event_type!r} is not one of {', '.join(known)}."
    return (event_type,)


def _of_constants(rule: Rule, contract: Contract, types: tuple[str, ...]) -> list[str]:
    wrong = []
    for name, value in rule.constants.items():
        if not isinstance(value, (str, int, bool, list)):
            wrong.append(f"[constants] {name} is a text, a whole number, true, false or a list of them.")
            continue
        against = [contract.objection(event_type, name, value) for event_type in types if name != "event_type"]
        if against and all(against):
            wrong.append(f"[constants] {name} = {value!r}: {against[0]}.")
    return wrong


def _of_values(content: dict[str, Any], contract: Contract) -> list[str]:
    """Values that the contract does not know, and scales that are none."""
    wrong = []
    types = {t for rule in rules_of(content) for t in _event_types(rule, contract, content.get("values", {}))}
    for name, entries in content.get("values", {}).items():
        if not isinstance(entries, dict):
            wrong.append(f"[values] {name} is a table.")
            continue
        for value in entries.values():
            if value == "" and name != "event_type":  # as an empty cell
                continue
            having = [event_type for event_type in types if contract.field(event_type, name)]
            if name == "event_type":
                bad = value not in contract.event_types
                objection: str | None = f"it is one of {', '.join(contract.event_types)}" if bad else None
            else:
                against = [_of_value(contract, event_type, name, value) for event_type in having]
                objection = against[0] if against and all(against) else None
            if objection:
                wrong.append(f"[values] {name} = {value!r}: {objection}.")
    for name, factor in content.get("scale", {}).items():
        kinds = {_number(contract, event_type, name) for event_type in types} - {None}
        if type(factor) is not int or not 1 <= factor <= SCALE_MAX or kinds != {True}:
            wrong.append(f"[scale] {name} is a whole number from 1 to {SCALE_MAX}, and for a field of whole numbers.")
    return wrong


def _of_value(contract: Contract, event_type: str, name: str, value: Any) -> str | None:
    return contract.objection(event_type, name, [value] if _is_list(contract, event_type, name) else value)


def _is_list(contract: Contract, event_type: str, name: str) -> bool:
    found = contract.field(event_type, name)
    return found is not None and found.kind == "list"


def _number(contract: Contract, event_type: str, name: str) -> bool | None:
    found = contract.field(event_type, name)
    return None if found is None else "integer" in (found.kind, found.item.kind if found.item else "")


def _once(sentences: list[str]) -> list[str]:
    return list(dict.fromkeys(sentences))
