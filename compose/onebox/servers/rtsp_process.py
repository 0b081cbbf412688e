"""The process of the RTSP server: `rtsp_process FOLDER PORT CONTROL_PORT`, on 127.0.0.1."""

import asyncio
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from aio_rtsp_toolkit.server import serve

MOST_READERS = 64
"""It keeps a thread for as long as somebody is sent a film. asyncio's own pool has six on two cores: a seventh reader
would hear nothing until another one has gone."""


def main(words: Sequence[str]) -> None:
    """Serve until told to stop."""
    folder, port, control_port = words
    asyncio.run(_serve(folder, int(port), int(control_port)))


async def _serve(folder: str, port: int, control_port: int) -> None:
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(MOST_READERS, "reader"))
    await serve(folder, "127.0.0.1", port, control_port=control_port)


if __name__ == "__main__":
    main(sys.argv[1:])
