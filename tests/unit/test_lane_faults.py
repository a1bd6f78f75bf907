"""Fault points: armed by a setting, silent without, never by mistake; in processes of their own, which they end."""

import os
import signal

import pytest

from streams.errors import SettingsInvalid
from streams.lane.faults import POINTS, Faults


def fate(spec, points):
    """How a child ends that passes the points: its exit code, or minus the signal that ended or stopped it."""
    child = os.fork()
    if child == 0:
        faults = Faults(spec)
        for point in points:
            faults.hit(point)
        os._exit(0)
    status = os.waitpid(child, os.WUNTRACED)[1]
    if os.WIFSTOPPED(status):
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return -os.WSTOPSIG(status)
    return os.waitstatus_to_exitcode(status)


@pytest.mark.parametrize("point", POINTS)
def test_a_point_kills_exactly_when_it_is_passed_for_the_nth_time(point):
    assert fate(f"{point}:3:kill", [point] * 2) == 0
    assert fate(f"{point}:3:kill", [point] * 3) == -signal.SIGKILL


def test_a_process_can_be_made_to_stand_still():
    assert fate("before_commit:1:stop", ["before_commit"]) == -signal.SIGSTOP


def test_each_point_counts_for_itself():
    spec = "before_ack:2:stop,after_ack:1:kill"

    assert fate(spec, ["before_ack", "before_state", "before_state"]) == 0
    assert fate(spec, ["before_ack", "before_ack", "after_ack"]) == -signal.SIGSTOP
    assert fate(spec, ["before_ack", "after_ack"]) == -signal.SIGKILL


def test_without_any_nothing_happens():
    assert fate("", POINTS) == 0


@pytest.mark.parametrize("spec", ["nowhere:1:kill", "before_ack:1:explode", "before_ack:often:kill", "before_ack"])
def test_what_is_no_fault_point_is_refused(spec):
    with pytest.raises(SettingsInvalid):
        Faults(spec)
