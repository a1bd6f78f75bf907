"""What a worker says of its lane, over a lane made by hand: no broker, real HTTP."""

from types import SimpleNamespace

import pytest
from aiohttp.test_utils import TestClient, TestServer

from streams.lane.position import Position, TopicPosition
from streams.web.worker import create_worker_web

DEADLINE = 20


def writer(commit_age=0.0):
    return SimpleNamespace(
        commits=3,
        commit_seconds=0.25,
        commit_age=commit_age,
        waiting=lambda _topic: 7,
        position=Position(4, "wall", {"outages": TopicPosition()}),
        fold=SimpleNamespace(metrics=lambda: {"cases": 2, "drift": 1}),
    )


@pytest.fixture
def lane():
    return SimpleNamespace(
        writers={},
        assigned=None,
        recovering=False,
        is_ready=False,
        recovery_done=0,
        recovery_total=0,
        skew_ms=lambda: -2500,
    )


@pytest.fixture
async def client(lane):
    async with TestClient(TestServer(create_worker_web(lane, DEADLINE))) as client:
        yield client


async def seen(client, path):
    response = await client.get(path)
    return response.status, await response.json()


async def test_it_lives_while_no_commit_is_older_than_the_deadline(client, lane):
    assert await seen(client, "/livez") == (200, {"status": "ok", "partitions_stuck": []})

    lane.writers = {1: writer(DEADLINE - 1), 2: writer(DEADLINE + 1)}

    assert await seen(client, "/livez") == (503, {"status": "stuck", "partitions_stuck": [2]})


async def test_readiness_goes_with_a_rebalance_but_a_start_is_for_good(client, lane):
    status, body = await seen(client, "/startupz")
    assert (status, body["status"], body["partitions_assigned"]) == (503, "waiting for partitions", None)

    lane.assigned, lane.recovering, lane.recovery_done, lane.recovery_total = frozenset({2, 1}), True, 5, 9
    status, body = await seen(client, "/startupz")
    assert (status, body["status"], body["recovery"]) == (503, "recovering", {"read": 5, "total": 9})
    assert body["partitions_assigned"] == [1, 2]

    lane.recovering, lane.is_ready, lane.writers = False, True, {1: writer(), 2: writer()}
    assert [(await seen(client, path))[0] for path in ("/readyz", "/startupz")] == [200, 200]

    lane.is_ready, lane.assigned, lane.writers = False, None, {}
    assert [(await seen(client, path))[0] for path in ("/readyz", "/startupz")] == [503, 200]


async def test_what_is_lost_has_no_series(client, lane):
    async def text():
        return await (await client.get("/metrics")).text()

    lane.writers = {3: writer()}
    lines = (await text()).splitlines()
    assert 'gridpulse_worker_records_waiting{partition="3",topic="outages"} 7.0' in lines
    assert 'gridpulse_worker_drift{partition="3"} 1.0' in lines
    assert 'gridpulse_worker_commits_total{partition="3"} 3.0' in lines
    assert not [line for line in lines if line.startswith(("gridpulse_worker_read_t", "gridpulse_worker_next"))]

    lane.writers = {}
    assert 'partition="' not in await text()
