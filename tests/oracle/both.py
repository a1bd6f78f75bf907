"""A worked example by hand, against the service and the oracle: both have to say what the expert expects."""

from typing import Any, NamedTuple

import orjson

from streams.oracle.engine import Oracle
from streams.oracle.records import Record
from streams.oracle.table import Table
from streams.settings import Settings
from tests.oracle.lines import NETWORK, Lines, at, names
from tests.oracle.service import Service

Findings = dict[str, int]


class Said(NamedTuple):
    """A value as `numerator`, `denominator`, and the customers in question by rule."""

    numerator: int | None
    denominator: int | None
    findings: Findings
    since: str | None = None


class Both(Lines):
    """Lines for both; `said` is what they agree on."""

    def said(self, when: str, *keys: str, **settings: Any) -> list[Said]:
        mark, configured = at(when), Settings(clock="marks", **settings)
        records = [
            Record(line["topic"], 0, n, line["timestamp_ms"], line["key"].encode(), orjson.dumps(line["value"]))
            for n, line in enumerate(self._lines)
        ]
        cases = [record for record in records if record.topic != NETWORK]
        network = [line["value"] for line in self._lines if line["topic"] == NETWORK]
        table = Table(Service("cases", network, configured).play(cases, [mark])).at(mark)
        marks = [Record(topic, 0, 0, mark * 1000, None, None, mark) for topic in sorted({r.topic for r in cases})]
        with Oracle(configured, [*records, *marks]) as oracle:
            cells = oracle.cells(mark, names(keys))
        found = []
        for key in keys:
            cell, record = cells[key], table[key][-1]
            marks = {rule: number for rule, _, number in cell.findings}
            ours = Said(cell.numerator, cell.denominator, marks, cell.since)
            findings = {each["rule"]: each["customers"] for each in record["findings"]}
            assert Said(record["numerator"], record["denominator"], findings, record["since"]) == ours, key
            found.append(ours)
        return found
