"""Orphan processes after a `kill -9` of their parent: found by a file, ended only if their identity matches."""

import json
import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from streams.errors import GridpulseError

POLL_SECONDS = 0.05
EXECUTING = "executing"


def identity(pid: int) -> str | None:
    """Start time and command line of a live process: the same pid given to another process differs."""
    proc = Path("/proc") / str(pid)
    try:
        if proc.parent.joinpath("self").exists():
            after_name = proc.joinpath("stat").read_text().rpartition(")")[2].split()
            if after_name[0] == "Z":  # a zombie has no resources
                return None
            command = proc.joinpath("cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
            # Field 22 of proc(5) is the start time in ticks since boot; a process in exec has no command line yet.
            return f"{after_name[19]} {command}" if command else EXECUTING
        listed = subprocess.run(  # noqa: S603 - our own arguments
            ["ps", "-ww", "-o", "lstart=,command=", "-p", str(pid)],  # noqa: S607 - where /proc is missing, ps is not
            capture_output=True,
            text=True,
            check=False,
        )
    except (OSError, IndexError):
        return None
    return listed.stdout.strip() or None


def claim(path: Path, pid: int) -> None:
    """Write a file that states that this process runs `pid`."""
    owner = os.getpid()
    while (known := identity(pid)) == EXECUTING:  # Popen returns a moment before exec is done
        time.sleep(0)
    note = {"pid": pid, "identity": known, "owner": owner, "owner_identity": identity(owner)}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(note))


def end_orphan(path: Path, patience_seconds: float = 10) -> None:
    """End the process noted in `path` if its owner is gone; GridpulseError if the owner lives."""
    try:
        note = json.loads(path.read_text())
        pid, owner = int(note["pid"]), int(note["owner"])
    except (OSError, ValueError, KeyError, TypeError):
        return
    if note["identity"] is not None and identity(pid) == note["identity"]:
        if owner != os.getpid() and identity(owner) == note["owner_identity"]:
            raise GridpulseError(f"Process {owner} already runs a gridpulse in {path.parent}; stop it first.")
        end_group(pid, patience_seconds)
    path.unlink(missing_ok=True)


def end_group(pid: int, patience_seconds: float) -> None:
    """SIGTERM to a process group, SIGKILL to its remaining processes after a while."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGTERM)
        os.killpg(pid, signal.SIGCONT)  # a stopped process would not receive it
    deadline = time.monotonic() + patience_seconds
    while identity(pid) is not None and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
    while identity(pid) is not None:
        time.sleep(POLL_SECONDS)
