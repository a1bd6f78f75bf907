"""The turns of a worker's partitions that hold its event loop for long: one at a time, and none beside a commit."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class LongTurns:
    """Shared by the writers of a worker.

    A commit takes some ten turns of the event loop. Where several partitions evaluate thousands of cases, turn after
    turn of some seconds, a commit that gets the loop for one turn in between each runs into its deadline, and the
    worker ends itself again and again.
    """

    def __init__(self) -> None:
        self._one_at_a_time = asyncio.Lock()
        self._commits: set[asyncio.Task[None]] = set()

    def committing(self, commit: asyncio.Task[None]) -> None:
        """A commit of any partition has begun."""
        self._commits.add(commit)
        commit.add_done_callback(self._commits.discard)

    @asynccontextmanager
    async def one(self) -> AsyncIterator[None]:
        """Around a turn that may be long: before and after it the commits under way have the loop to themselves."""
        async with self._one_at_a_time:
            await self._commits_done()
            yield
            await self._commits_done()

    async def _commits_done(self) -> None:
        # Not until none is under way: partitions with short turns go on committing.
        if self._commits:
            await asyncio.wait(self._commits)
