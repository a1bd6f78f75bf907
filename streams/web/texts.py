"""Messages (i18n) of the wallboard and the API, English and Chinese, under one key."""

from typing import Final

from streams.kpis import KPIS
from streams.web.messages.complaints import COMPLAINTS
from streams.web.messages.demo_log import STORY
from streams.web.messages.findings import FINDINGS
from streams.web.messages.page import PAGE
from streams.web.messages.reasons import REASONS
from streams.web.messages.sla import SLA
from streams.web.messages.supply import SUPPLY
from streams.web.messages.voltage import VOLTAGE

LANGUAGES: Final = ("en", "zh")
FAMILIES: Final = (PAGE, REASONS, FINDINGS, SUPPLY, VOLTAGE, COMPLAINTS, SLA, STORY)
TITLES: Final = {f"kpi.{kpi.name}": (kpi.title_en, kpi.title_zh) for kpi in KPIS}
TEXTS: Final[dict[str, tuple[str, str]]] = {
    key: message for family in (*FAMILIES, TITLES) for key, message in family.items()
}


def texts(language: str) -> dict[str, str]:
    """All messages in a language; English if the language is not available."""
    column = LANGUAGES.index(language) if language in LANGUAGES else 0
    return {key: message[column] for key, message in TEXTS.items()}


def reason_message(reason: str | None) -> dict[str, str] | None:
    """Why a value is not defined, in each language; as published where this program does not know the reason."""
    if reason is None:
        return None
    general, named, area = reason.rpartition(": area ")
    if named and f"reason.{general}: area" in TEXTS:
        return {
            each: f"{message}{area}" for each, message in zip(LANGUAGES, TEXTS[f"reason.{general}: area"], strict=True)
        }
    return dict(zip(LANGUAGES, TEXTS.get(f"reason.{reason}", (reason, reason)), strict=True))
