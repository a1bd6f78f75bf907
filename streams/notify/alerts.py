"""A record of grid.sla-breaches.v1 as an alert of Alertmanager's API v2. Pure.

A clock has one alert at a time. Each step of the ladder has its own labels, so that it can be routed to other people.
"""

from datetime import datetime
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from schemas.event import parse_instant
from streams.web.texts import LANGUAGES, texts

ALERTNAME: Final = "SlaClock"
FIRING: Final = frozenset({"at_risk", "breached"})
AREAS_MAX: Final = 3
Record = dict[str, Any]
Alert = dict[str, Any]
TEXTS: Final = {language: texts(language) for language in LANGUAGES}


class Step(NamedTuple):
    """A step of the ladder, from a share of the limit on; severity None: the severity of the clock."""

    percent: int
    level: str
    severity: str | None


LADDER: Final = (
    Step(200, "breached_200", "critical"),
    Step(100, "breached", None),
    Step(90, "at_risk_90", "warning"),
    Step(0, "at_risk", "info"),
)


class Links(NamedTuple):
    """The time zone of deadlines, and the public address of the web server."""

    zone: str
    url: str


def is_firing(record: Record) -> bool:
    """Whether somebody has to act: a clock that has ended, in time or not, needs no action."""
    return record["open"] and record["status"] in FIRING


def key_of(labels: Record) -> str:
    """The key of the record that an alert is about."""
    return f"{labels['clock']}|{labels['kind']}/{labels['case']}|{labels['cycle']}"


def alert_of(record: Record, links: Links) -> Alert:
    """The alert of a clock at risk or breached. A breach starts at its deadline, even if it was detected later."""
    step = next(step for step in LADDER if record["level_percent"] >= step.percent)
    labels = {
        "alertname": ALERTNAME,
        "clock": record["clock"],
        "kind": record["kind"],
        "case": record["case"],
        "cycle": str(record["cycle"]),
        "level": step.level,
        "severity": step.severity or record["severity"],
        "region": ",".join(record["regions"]),
    }
    about, query = record["about"], urlencode({"case": record["case"], "clock": record["clock"], "open": "true"})
    annotations = {
        "summary": _summary(record, links, "en"),
        "summary_zh": _summary(record, links, "zh"),
        "crew": about.get("crew") or "",
        "place": _areas(record),
        "deadline": _local(record["deadline_at"], links),
        "wallboard": f"{links.url}/#sla",
    }
    return {
        "labels": labels,
        "annotations": annotations,
        "startsAt": record["deadline_at"] if step.level == "breached" else record["detected_at"],
        "generatorURL": f"{links.url}/api/v1/sla?{query}",
    }


def _summary(record: Record, links: Links, language: str) -> str:
    text, about, percent = TEXTS[language], record["about"], record["level_percent"]
    crew, places = about.get("crew"), ",".join(record["regions"])
    level = text["breached"] if percent == LADDER[1].percent else text["sla.used"].format(percent=percent)
    parts = [
        f"{text[record['clock']]}: {text['sla.' + record['kind']]} {record['case']}",
        f"{text['crew']} {crew}" if crew else "",
        f"{text['region']} {places}" if places else "",
        f"{text['area']} {_areas(record)}" if record["areas"] else "",
        level,
        f"{text['sla.deadline']} {_local(record['deadline_at'], links)}",
    ]
    return " · ".join(part for part in parts if part)


def _areas(record: Record) -> str:
    areas = record["areas"]
    more = f" +{len(areas) - AREAS_MAX}" if len(areas) > AREAS_MAX else ""
    return ", ".join(areas[:AREAS_MAX]) + more


def _local(instant: str, links: Links) -> str:
    return datetime.fromtimestamp(parse_instant(instant), ZoneInfo(links.zone)).strftime("%Y-%m-%d %H:%M:%S")
