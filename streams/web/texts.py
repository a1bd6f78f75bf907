"""Words on the wallboard and in the API, English and Chinese, by one key; the same key everywhere."""

from typing import Final

from streams.kpis import KPIS
from streams.web.words.complaints import COMPLAINTS
from streams.web.words.findings import FINDINGS
from streams.web.words.page import PAGE
from streams.web.words.reasons import REASONS
from streams.web.words.sla import SLA
from streams.web.words.story import STORY
from streams.web.words.supply import SUPPLY
from streams.web.words.voltage import VOLTAGE

LANGUAGES: Final = ("en", "zh")
FAMILIES: Final = (PAGE, REASONS, FINDINGS, SUPPLY, VOLTAGE, COMPLAINTS, SLA, STORY)
TITLES: Final = {f"kpi.{kpi.name}": (kpi.title_en, kpi.title_zh) for kpi in KPIS}
TEXTS: Final[dict[str, tuple[str, str]]] = {
    key: words for family in (*FAMILIES, TITLES) for key, words in family.items()
}


def texts(language: str) -> dict[str, str]:
    """All words in a language; English for one that is not in the catalogue."""
    column = LANGUAGES.index(language) if language in LANGUAGES else 0
    return {key: words[column] for key, words in TEXTS.items()}


def reason_words(reason: str | None) -> dict[str, str] | None:
    """Why a value is not defined, in each language; as published where this program does not know the reason."""
    if reason is None:
        return None
    general, named, area = reason.rpartition(": area ")
    if named and f"reason.{general}: area" in TEXTS:
        return {each: f"{words}{area}" for each, words in zip(LANGUAGES, TEXTS[f"reason.{general}: area"], strict=True)}
    return dict(zip(LANGUAGES, TEXTS.get(f"reason.{reason}", (reason, reason)), strict=True))
