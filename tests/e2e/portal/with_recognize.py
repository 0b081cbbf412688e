"""For pages that ask about faces: a gateway with a real recognize behind it, on one database.

The model pack is the tests' fake one: a picture's colour says whose face it is. A file of tests imports `__all__`.
"""

from typing import TYPE_CHECKING

import pytest

from regulars.settings import Settings
from tests.conftest import require
from tests.e2e.portal.conftest import PORTAL
from tests.gateway_and_recognize import asking_settings
from tests.recognizing import engine, objects, owner, recognizer, vectors

if TYPE_CHECKING:
    from playwright.sync_api import FilePayload, Page

__all__ = ["asking_settings", "engine", "gateway_settings", "objects", "owner", "recognizer", "vectors"]


@pytest.fixture(scope="session")
def gateway_settings(asking_settings: Settings) -> Settings:
    """The gateway's settings, in place of those without recognize."""
    require(None if (PORTAL / "index.html").is_file() else "the portal is not built: ./run prepare portal")
    return asking_settings.model_copy(update={"portal_dir": PORTAL})


def give(page: "Page", *pictures: bytes) -> None:
    """Choose these files, as a hand would in the browser's window for it."""
    files: list[FilePayload] = [
        {"name": f"{at}.png", "mimeType": "image/png", "buffer": picture} for at, picture in enumerate(pictures)
    ]
    page.locator("input[type=file]").set_input_files(files)
