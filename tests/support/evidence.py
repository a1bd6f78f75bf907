"""What a run outside pytest needs: a broker, and words for what ran where."""

import os
import platform
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from streams.demo import kafka
from streams.settings import Settings

REPO = Path(__file__).parents[2]
FOLDER = REPO / "docs" / "evidence"


@contextmanager
def broker(folder: Path) -> Iterator[str]:
    """GRIDPULSE_BROKER, or a Kafka of our own for this run."""
    settings = Settings.load()
    if "broker" in settings.model_fields_set:
        yield settings.broker
        return
    local = kafka.LocalKafka(folder / "kafka")
    local.start()
    try:
        yield local.address
    finally:
        local.stop()


def commit() -> str:
    """What ran; `+changes` when it was not committed."""
    dirty = bool(git("status", "--porcelain", "--untracked-files=no"))
    return git("rev-parse", "HEAD") + ("+changes" if dirty else "")


def git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=REPO, capture_output=True, text=True, check=False)
    return done.stdout.strip() or ("" if arguments[0] == "status" else "unknown")


def machine() -> dict[str, Any]:
    """What the figures depend on, and nothing that tells whose machine it is."""
    models = [line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")]
    memory = [int(line.split()[1]) for line in _lines("/proc/meminfo") if line.startswith("MemTotal")]
    return {
        "cpu": models[0] if models else platform.machine(),
        "cores": os.cpu_count(),
        "memory_gib": round(memory[0] / 2**20, 1) if memory else None,
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "kafka": f"{kafka.VERSION}, {kafka.HEAP_MB} MB heap, on the same cores",
    }


def written_by(command: str) -> list[str]:
    """The lines of a report that say what it rests on."""
    on = machine()
    return [
        f"Written by `{command}` at commit {commit()}; {on['cpu']}, {on['cores']} cores,",
        f"Python {on['python']}, Kafka {on['kafka']}.",
        "",
    ]


def _lines(path: str) -> list[str]:
    file = Path(path)
    return file.read_text().splitlines() if file.exists() else []
