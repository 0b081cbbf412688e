"""The network between two parts: a TCP proxy of our own that can delay, lose, cut and partition what passes.

Kernels without netem are common, so nothing is asked of the kernel. A lost packet of TCP is one that comes late: what
is lost here waits for a retransmission's time, and everything behind it waits too.
"""

import asyncio
import random
import socket
import struct
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self

from compose.onebox.place import free_port

RETRANSMITTED_AFTER_S = 0.4
_CHUNK = 65_536


class Link:
    """One way from part to part, `port` on 127.0.0.1; what is done to it is set from any thread."""

    def __init__(self, name: str, seed: int) -> None:
        self.name = name
        self.port = free_port()
        self.target_port = 0
        self.delay_s = 0.0
        self.loss = 0.0
        self.partitioned = False
        self._chance = random.Random(f"{seed} {name}")
        self._writers = set[asyncio.StreamWriter]()

    def heal(self) -> None:
        """Let everything pass again at once."""
        self.delay_s, self.loss, self.partitioned = 0.0, 0.0, False

    async def serve(self) -> asyncio.Server:
        """Begin listening."""
        return await asyncio.start_server(self._connected, "127.0.0.1", self.port)

    def cut(self) -> None:
        """Reset every connection; call it on the loop."""
        for writer in list(self._writers):
            _reset(writer)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            await self._wait()
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.target_port)
        except OSError:
            self._writers.discard(writer)
            _reset(writer)
            return
        self._writers.add(far_writer)
        there, back = self._pump(reader, far_writer), self._pump(far_reader, writer)
        try:
            await asyncio.gather(there, back)
        finally:
            for one in (writer, far_writer):
                self._writers.discard(one)
                one.close()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while chunk := await reader.read(_CHUNK):
                await self._wait()
                writer.write(chunk)
                await writer.drain()
            if writer.can_write_eof():
                writer.write_eof()
            return
        _reset(writer)

    async def _wait(self) -> None:
        while self.partitioned:  # noqa: ASYNC110 - set from another thread, as are the others
            await asyncio.sleep(0.05)
        lost = 0
        while self._chance.random() < self.loss:
            lost += 1
        await asyncio.sleep(self.delay_s + lost * RETRANSMITTED_AFTER_S)


def _reset(writer: asyncio.StreamWriter) -> None:
    """End a connection as a machine does that has lost its power and come back: with a reset, not with a goodbye."""
    with suppress(OSError):  # it is closed already
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


class Network:
    """All links, served by one thread while the context is open."""

    def __init__(self, seed: int, *names: str) -> None:
        self.links = {name: Link(name, seed) for name in names}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="links", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._servers = [
            asyncio.run_coroutine_threadsafe(link.serve(), self._loop).result() for link in self.links.values()
        ]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def cut(self, link: Link) -> None:
        """Reset every connection of a link."""
        self._loop.call_soon_threadsafe(link.cut)

    async def _close(self) -> None:
        for server in self._servers:
            server.close()
        for link in self.links.values():
            link.heal()
            link.cut()
        running = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
