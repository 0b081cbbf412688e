"""For pages that ask about faces: a gateway with a real recognize behind it, on one database.

The model pack is the tests' fake one: a picture's colour says whose face it is. A file of tests imports `__all__`.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine

from compose.onebox.servers.seaweed import SeaweedServer
from regulars.settings import Settings
from regulars.steps.recognize import Recognizer
from tests.conftest import require
from tests.e2e.portal.conftest import PORTAL
from tests.integration.recognize.test_http import TOKEN, serving
from tests.recognizing import engine, objects, owner, recognizer, vectors
from tests.sealing import SEALING_KEYS

if TYPE_CHECKING:
    from playwright.sync_api import FilePayload, Page

__all__ = ["engine", "gateway_settings", "objects", "owner", "recognizer", "vectors"]


@pytest.fixture(scope="session")
def gateway_settings(recognizer: Recognizer, engine: Engine, object_store_server: SeaweedServer) -> Iterator[Settings]:
    """The gateway's settings, in place of those without recognize."""
    require(None if (PORTAL / "index.html").is_file() else "the portal is not built: ./run prepare portal")
    with serving(recognizer) as recognize:
        yield Settings(
            database_url=engine.url.set(drivername="postgresql").render_as_string(False),
            objects_url=object_store_server.url,
            secret_key="a secret of these tests",
            sealing_keys=SEALING_KEYS,
            recognize_url=str(recognize.base_url),
            events_token=TOKEN,
            portal_dir=PORTAL,
        )


def give(page: "Page", *pictures: bytes) -> None:
    """Choose these files, as a hand would in the browser's window for it."""
    files: list[FilePayload] = [
        {"name": f"{at}.png", "mimeType": "image/png", "buffer": picture} for at, picture in enumerate(pictures)
    ]
    page.locator("input[type=file]").set_input_files(files)
