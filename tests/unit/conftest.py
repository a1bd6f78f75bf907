"""The web server over a board that is fed by hand: no broker, real HTTP."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from streams.settings import Settings
from streams.web.server import create_web
from streams.web.state import Board
from tests.support.web_board import new_board


@pytest.fixture
def board() -> Board:
    return new_board()


@pytest.fixture
async def client(board: Board) -> AsyncIterator[TestClient[Any, Any]]:
    async with TestClient(TestServer(create_web(Settings(), board))) as client:
        yield client
