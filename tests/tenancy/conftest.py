"""What these tests stand on."""

from tests.integration.gateway.conftest import gateway_settings, world
from tests.recognizing import engine, objects, opens, owner, recognizer, recognizer_alone, shop, vectors

__all__ = [
    "engine",
    "gateway_settings",
    "objects",
    "opens",
    "owner",
    "recognizer",
    "recognizer_alone",
    "shop",
    "vectors",
    "world",
]
