"""Recognize as it is served, for tests that ask it over HTTP."""

import threading
from collections.abc import Generator
from contextlib import contextmanager

import httpx
import uvicorn

from functions.recognize.app import create_app
from functions.recognize.caretaker import Caretaker
from regulars.steps.recognize import Recognizer
from tests.waiting import wait_for

TOKEN = "events-token-of-the-tests"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@contextmanager
def serving(recognizer: Recognizer, token: str = TOKEN) -> Generator[httpx.Client]:
    """Run the app under uvicorn on a free port of 127.0.0.1."""
    caretaker = Caretaker(recognizer, every_s=0)
    server = uvicorn.Server(
        uvicorn.Config(create_app(recognizer, token, caretaker), host="127.0.0.1", port=0, log_config=None)
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        wait_for(lambda: server.started or not thread.is_alive(), "recognize has started")
        assert thread.is_alive()
        port = server.servers[0].sockets[0].getsockname()[1]
        with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
            yield client
    finally:
        server.should_exit = True
        thread.join()
