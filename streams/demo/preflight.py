"""Checks before a demo: a folder that no other demo uses, a free port, enough disk."""

import errno
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from streams.demo import processes
from streams.demo.kafka import free_port
from streams.errors import GridpulseError
from streams.settings import Settings

NEEDED_MB = 500  # for a demo of some minutes; it grows by about 20 MB a minute
FULL_MB = 20
FOLDERS_MAX = 9


def preflight(settings: Settings) -> Settings:
    """The settings, with a free folder and port where none is set; GridpulseError if a check fails."""
    number = 1
    while True:
        try:
            processes.end_orphans(settings.data_dir)
            break
        except GridpulseError:  # another demo uses the folder
            if ("data_dir" in settings.model_fields_set and number == 1) or number == FOLDERS_MAX:
                raise
            number += 1
            folder = f"{Settings.model_fields['data_dir'].default}-{number}"
            settings = settings.model_copy(update={"data_dir": folder})
    _require_disk(settings.data_dir)
    if settings.web_port == 0:
        return settings.model_copy(update={"web_port": free_port()})
    try:
        _require_free(settings.web_host, settings.web_port)
    except GridpulseError:
        if "web_port" in settings.model_fields_set:
            raise
        return settings.model_copy(update={"web_port": free_port()})
    return settings


@contextmanager
def full_disk_named(data_dir: str) -> Iterator[None]:
    """An error on a full disk is reported as a full disk."""
    try:
        yield
    except (OSError, GridpulseError) as error:
        full = isinstance(error, OSError) and error.errno == errno.ENOSPC
        if full or _free_mb(data_dir) < FULL_MB:
            raise _no_disk(data_dir) from error
        raise


def _require_disk(data_dir: str) -> None:
    if _free_mb(data_dir) < NEEDED_MB:
        raise _no_disk(data_dir)


def _no_disk(data_dir: str) -> GridpulseError:
    folder = Path(data_dir).absolute()
    return GridpulseError(
        f"The disk of {folder} has {_free_mb(data_dir)} MB free, the demo needs {NEEDED_MB} MB; GRIDPULSE_DATA_DIR can "
        "name a folder on another disk."
    )


def _free_mb(data_dir: str) -> int:
    folder = Path(data_dir).absolute()
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free // 2**20


def _require_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise GridpulseError(
                f"Port {port} of {host} is not free ({error.strerror}); GRIDPULSE_WEB_PORT can name another."
            ) from error
