"""A proxy in front of a real broker that holds a request back, cuts its client off, and delivers it later."""

import asyncio
import struct
import threading
from collections import Counter
from typing import Self

END_TXN = 26


class Proxy:
    """Forwards Kafka's frames, with its own address in place of the broker's in every answer.

    `hold(key, nth)`: the nth request of that kind from now on is kept, and its connection cut. `release()` delivers it.
    """

    def __init__(self, broker: str) -> None:
        host, port = broker.split(":")
        self._upstream = host, int(port)
        self._loop = asyncio.new_event_loop()
        self._hold: tuple[int, int] | None = None
        self._seen: Counter[int] = Counter()
        self._held: tuple[bytes, asyncio.StreamWriter, asyncio.StreamReader] | None = None
        self.holding = threading.Event()

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        server = asyncio.run_coroutine_threadsafe(
            asyncio.start_server(self._serve, "127.0.0.1", 0), self._loop
        ).result()
        self._port = server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_args: object) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._port}"

    def hold(self, key: int, nth: int = 1) -> None:
        self._seen[key], self._hold = 0, (key, nth)

    def release(self) -> int:
        """Deliver the request that is held; the error code of the broker's answer (of EndTxn, at byte 8)."""
        return asyncio.run_coroutine_threadsafe(self._deliver(), self._loop).result()

    async def _deliver(self) -> int:
        assert self._held is not None, "no request is held"
        frame, writer, reader = self._held
        writer.write(frame)
        answer = await _frame(reader)
        writer.close()
        return int(struct.unpack_from(">h", answer, 4 + 4 + 4)[0])

    async def _close(self) -> None:
        mine = asyncio.current_task()
        tasks = asyncio.all_tasks() - {mine}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        upstream_reader, upstream_writer = await asyncio.open_connection(*self._upstream)
        back = asyncio.ensure_future(self._answers(upstream_reader, writer))
        try:
            while True:
                frame = await _frame(reader)
                (key,) = struct.unpack_from(">h", frame, 4)
                self._seen[key] += 1
                if (key, self._seen[key]) == self._hold:
                    self._hold = None
                    back.cancel()  # nobody reads that connection but `release`
                    await asyncio.gather(back, return_exceptions=True)
                    self._held = frame, upstream_writer, upstream_reader
                    self.holding.set()
                    return
                upstream_writer.write(frame)
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            back.cancel()
            upstream_writer.close()
        finally:
            writer.close()

    async def _answers(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host, port = self._upstream
        name = struct.pack(">h", len(host)) + host.encode()
        theirs, ours = name + struct.pack(">i", port), name + struct.pack(">i", self._port)
        try:
            while True:
                writer.write((await _frame(reader)).replace(theirs, ours))
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()


async def _frame(reader: asyncio.StreamReader) -> bytes:
    size = await reader.readexactly(4)
    return size + await reader.readexactly(struct.unpack(">i", size)[0])
