"""A verification on the terminal, and as JSON."""

from typing import Any

import orjson
from rich.console import Console
from rich.table import Table
from rich.text import Text

from streams.oracle.compare import Difference
from streams.oracle.verify import Report

RECORDS_SHOWN = 40
DIFFERENCES_SHOWN = 20
BODY_CHARACTERS = 400


def as_json(report: Report) -> bytes:
    """All of it, one object."""
    reads = [
        {
            "at": found.at,
            "compared": found.compared,
            "equal": found.compared - len(found.differences),
            "differences": [{"key": d.key, "fields": d.fields} for d in found.differences],
        }
        for found in report.comparisons
    ]
    whole = {"records": report.records, "events": report.events, "reads": reads, "moving": report.moving}
    whole["elsewhere"] = report.elsewhere
    whole["left_out"] = report.left_out
    return orjson.dumps(whole | {"behind": [_record(row) for row in report.behind]})


def show(report: Report, console: Console) -> None:
    """One line per read time; the first difference with all that is behind it."""
    console.print(f"{report.records} records, {report.events} events admitted")
    if report.left_out:
        console.print(
            f"{len(report.left_out)} KPIs are not compared, no worker of their role has published: "
            f"{', '.join(report.left_out)}"
        )
    if report.elsewhere:
        console.print(
            f"{report.elsewhere} records are not in the partition that murmur2 of their key gives: a producer has "
            "another partitioner or number of partitions. Both sides reject them (GRIDPULSE_PARTITIONER)."
        )
    for found in report.comparisons:
        equal = found.compared - len(found.differences)
        console.print(f"at {found.at}: {equal} of {found.compared} cells equal")
    if report.moving:
        console.print(f"{len(report.moving)} cells changed during the comparison; compare again at a quiet time")
    if report.first is not None:
        _difference(report.first, console)
        _counts([d for found in report.comparisons for d in found.differences], console)
        _behind(report.behind, console)


def _difference(first: Difference, console: Console) -> None:
    console.print(f"first difference: {first.key}", soft_wrap=True, highlight=False, markup=False)
    table = Table()
    for column in ("field", "service", "oracle"):
        table.add_column(column)
    for name, (theirs, ours) in first.fields.items():
        table.add_row(name, str(theirs), str(ours))
    console.print(table)


def _counts(differences: list[Difference], console: Console) -> None:
    table = Table(title="differences", title_justify="left")
    table.add_column("KPI")
    table.add_column("cells", justify="right")
    table.add_column("such as", overflow="fold")
    by_kpi: dict[str, list[str]] = {}
    for difference in differences:
        by_kpi.setdefault(difference.key.partition("|")[0], []).append(difference.key)
    for name, keys in sorted(by_kpi.items())[:DIFFERENCES_SHOWN]:
        table.add_row(name, str(len(keys)), keys[0])
    console.print(table)


def _behind(rows: list[tuple[Any, ...]], console: Console) -> None:
    if not rows:
        console.print("The oracle knows no record behind it.")
        return
    table = Table(title=f"the {len(rows)} records behind it", title_justify="left")
    for column in ("topic/partition/offset", "key", "timestamp", "admitted", "value"):
        table.add_column(column, overflow="fold")
    for row in rows[:RECORDS_SHOWN]:
        shown = _record(row)
        table.add_row(
            shown["record"],
            shown["key"],
            str(shown["timestamp"]),
            "yes" if shown["admitted"] else "no",
            Text((shown["value"] or "no JSON object")[:BODY_CHARACTERS]),  # its brackets are no markup
        )
    console.print(table)


def _record(row: tuple[Any, ...]) -> dict[str, Any]:
    topic, partition, offset, key, timestamp, admitted, body = row
    return {
        "record": f"{topic}/{partition}/{offset}",
        "key": key,
        "timestamp": timestamp,
        "admitted": admitted,
        "value": body,
    }
