"""Which process is meant by a number, and whether it lives."""

import os
import subprocess
import sys

from streams.lane.presence import began, host


def test_a_living_process_is_known_by_its_begin() -> None:
    assert host() == host() != ""
    assert began(os.getpid()) == began(os.getpid()) is not None


def test_a_process_that_has_ended_is_none_also_while_its_parent_has_not_waited() -> None:
    with subprocess.Popen([sys.executable, "-c", ""], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.read()  # its end
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)  # a zombie
        assert began(process.pid) is None
        assert process.wait() == 0
        assert began(process.pid) is None
