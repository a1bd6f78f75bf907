"""The tiles as they are now, rendered once a second for all who look at them."""

import asyncio
from typing import Any

from streams.web.scenes import Story
from streams.web.state import Board
from streams.web.tiles.render import render

INTERVAL_SECONDS = 1


class Hub:
    """`turn` counts the renderings in which something changed; `news()` waits for the next one, `listeners` do."""

    def __init__(self, board: Board, story: Story | None = None) -> None:
        self.tiles: dict[str, dict[str, Any]] = {}
        self.scenes: list[dict[str, Any]] | None = None if story is None else []
        self.turn = 0
        self.closing = False
        self.listeners = 0
        self._board = board
        self._story = story
        self._news = asyncio.Condition()

    async def run(self) -> None:
        """Render until cancelled; ages grow without news, so it renders also when nothing came in."""
        while True:
            await self.render()
            await asyncio.sleep(INTERVAL_SECONDS)

    async def render(self) -> None:
        scenes = self.scenes
        if self._story is not None:
            self._story.look()
            scenes = self._story.scenes
        rendered = render(self._board)
        if rendered != self.tiles or scenes != self.scenes:
            self.tiles, self.scenes = rendered, scenes
            self.turn += 1
            async with self._news:
                self._news.notify_all()

    async def news(self, seen: int, *, within_seconds: float) -> bool:
        """Whether there is something newer than turn `seen`; waits for it."""
        try:
            async with asyncio.timeout(within_seconds), self._news:
                await self._news.wait_for(lambda: self.turn > seen or self.closing)
        except TimeoutError:
            return False
        return not self.closing

    async def close(self) -> None:
        """Let every listener go."""
        self.closing = True
        async with self._news:
            self._news.notify_all()
