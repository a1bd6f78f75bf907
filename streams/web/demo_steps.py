"""The scenes of the demo log, as the page shows them; streams/simulator/demo_log.py writes the file."""

from pathlib import Path
from typing import Any

import orjson

from streams.kpis import KPIS
from streams.web.texts import TEXTS

FORMS = {"minutes": "minutes", "ratio": "percent", "interruptions per customer": "index"}
UNITS = {kpi.name: kpi.unit for kpi in KPIS}


class DemoSteps:
    """The scenes in a file, read again when it has grown; an incomplete last line is left for the next read."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._read = 0
        self.scenes: list[dict[str, Any]] = []

    def refresh(self) -> None:
        """Read the appended lines; a file that is shorter than before is a new file."""
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
    """A scene as the page shows it; None for a scene without a message."""
    try:
        step = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(step, dict) or f"scene.{step.get('scene')}" not in TEXTS:
        return None
    numbers = [_number(number) for number in step.get("numbers", ())]
    return {"at": step["at"], "scene": step["scene"], "details": step.get("details", {}), "numbers": numbers}


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
