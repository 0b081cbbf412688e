"""The bench's clients: so many connections kept open, each sending its next request when it has its answer."""

import asyncio
import time

CLIENTS = 64


async def _client(port: int, request: bytes, ends: float, counts: list[int]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        while time.monotonic() < ends:
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            status, *lines = head.decode("latin-1").split("\r\n")
            if " 200 " not in status:
                raise RuntimeError(status)
            length = next(int(line[15:]) for line in lines if line.lower().startswith("content-length:"))
            await reader.readexactly(length)
            counts[0] += 1
    finally:
        writer.close()


async def _load(port: int, path: str, cookies: str, during_s: float) -> float:
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookies}\r\n\r\n".encode()
    counts, ends = [0], time.monotonic() + during_s
    await asyncio.gather(*(_client(port, request, ends, counts) for _ in range(CLIENTS)))
    return counts[0] / during_s


def requests_per_s(port: int, path: str, cookies: str, during_s: float) -> float:
    """Return how many requests a second were answered with 200; raises RuntimeError at any other answer."""
    return asyncio.run(_load(port, path, cookies, during_s))
