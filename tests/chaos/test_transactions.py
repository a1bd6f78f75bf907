"""The transaction protocol in a thousand seeds; for ten thousand: `python -m tests.simulation --seeds 10000`."""

import pytest

from tests.simulation.__main__ import MODELS, report, run


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("name", MODELS)
def test_a_thousand_seeds_tear_nothing(name: str):
    results = run(range(1000), verifies=MODELS[name], rule=True)
    assert not any(each.wrong or each.ended_without_reason for each in results), report(name, results)
