"""Where a demo runs: its own folder and port, and one clear sentence about a full disk."""

import errno
import socket
from types import SimpleNamespace

import pytest

from streams.demo import preflight, processes
from streams.errors import GridpulseError
from streams.settings import Settings


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def test_a_second_demo_takes_a_folder_and_a_port_of_its_own(elsewhere, monkeypatch):
    def end(folder):
        if folder == ".gridpulse":
            raise GridpulseError("Process 1 already runs a gridpulse")

    monkeypatch.setattr(processes, "end_orphans", end)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        settings = Settings().model_copy()
        object.__setattr__(settings, "web_port", port)
        object.__setattr__(settings, "__pydantic_fields_set__", set())
        own = preflight.preflight(settings)
        with pytest.raises(GridpulseError, match="is not free"):
            preflight.preflight(Settings(web_port=port))

    assert own.data_dir == ".gridpulse-2"
    assert own.web_port not in {0, port}
    with pytest.raises(GridpulseError, match="already runs"):
        preflight.preflight(Settings(data_dir=".gridpulse"))


def test_a_full_disk_is_one_sentence_before_and_during(elsewhere, monkeypatch):
    monkeypatch.setattr(preflight.shutil, "disk_usage", lambda _: SimpleNamespace(free=3 * 2**20))
    sentence = r"^The disk of .* has 3 MB free, the demo needs 500 MB; GRIDPULSE_DATA_DIR can name"

    with pytest.raises(GridpulseError, match=sentence):
        preflight.preflight(Settings(web_port=0))
    for error in (OSError(errno.ENOSPC, "No space left"), GridpulseError("Kafka has ended by itself")):
        with pytest.raises(GridpulseError, match=sentence), preflight.full_disk_named("."):
            raise error
    monkeypatch.setattr(preflight.shutil, "disk_usage", lambda _: SimpleNamespace(free=10**12))
    with pytest.raises(GridpulseError, match="by itself"), preflight.full_disk_named("."):
        raise GridpulseError("Kafka has ended by itself")
