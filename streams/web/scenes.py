"""The scenes of a story, as the page shows them; the file is written by streams/simulator/story.py."""

from pathlib import Path
from typing import Any

import orjson

from streams.kpis import KPIS
from streams.web.texts import TEXTS

FORMS = {"minutes": "minutes", "ratio": "percent", "interruptions per customer": "index"}
UNITS = {kpi.name: kpi.unit for kpi in KPIS}


class Story:
    """The scenes in a file, read again when it has grown; a line that is not whole yet comes the next time."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._read = 0
        self.scenes: list[dict[str, Any]] = []

    def look(self) -> None:
        """Read what was appended; a file that is shorter than before is another one."""
        size = self._file.stat().st_size if self._file.is_file() else 0
        if size < self._read:
            self._read, self.scenes = 0, []
        if size == self._read:
            return
        with self._file.open("rb") as file:
            file.seek(self._read)
            whole, _, _ = file.read().rpartition(b"\n")
        if whole:
            self._read += len(whole) + 1
            self.scenes = [*self.scenes, *(scene for line in whole.splitlines() if (scene := _scene(line)))]


def _scene(line: bytes) -> dict[str, Any] | None:
    """A scene as the page shows it; None for one that it has no words for."""
    try:
        told = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(told, dict) or f"scene.{told.get('scene')}" not in TEXTS:
        return None
    numbers = [_number(number) for number in told.get("numbers", ())]
    return {"at": told["at"], "scene": told["scene"], "details": told.get("details", {}), "numbers": numbers}


def _number(number: dict[str, Any]) -> dict[str, Any]:
    name = number["name"]
    return {
        "name": f"kpi.{name}" if name in UNITS else name,
        "period": number.get("period"),
        "scope": number.get("scope"),
        "form": FORMS.get(UNITS.get(name, ""), "count"),
        "before": number["before"],
        "after": number["after"],
    }
