"""The worked examples of batches against the oracle alone."""

import pytest

from streams.oracle.engine import Oracle
from streams.oracle.records import from_files
from streams.settings import Settings
from tests.oracle.lines import at
from tests.support.voltage_tables import BATCHES, HOUR

MIDNIGHT = at("06-04 00:00")
SHOWN = {"early": "at_risk", "late": "at_risk", "breached": "breached", "escalated": "breached", None: None}


@pytest.mark.parametrize("hours", sorted({example[1] for example in BATCHES}))
def test_a_batch_that_is_overdue_is_silence(meters, hours):
    examples = [example for example in BATCHES if example[1] == hours]
    for number, (delivery, *_) in enumerate(examples):
        about = {} if delivery is None else {"delivery_interval_seconds": delivery}
        meters.point(f"P{number}", **about)
        meters.frame("06-03 00:00", [22_000] * 96, f"P{number}", arrives="06-04 00:00", interval=900)
    meters.cells("06-04 00:00")
    with Oracle(Settings(), list(from_files([meters.lines.file]))) as oracle, oracle.staged(MIDNIGHT + hours * HOUR):
        silent = dict(oracle.rows("SELECT point, silent FROM voltage_now"))
        clocks = dict(oracle.rows("SELECT point, stage FROM voltage_clock WHERE clock = 'L17'"))
    found = [(silent[name], SHOWN[clocks.get(name)]) for name in (f"P{n}" for n in range(len(examples)))]
    assert found == [(is_silent, status) for _, _, is_silent, status in examples]
