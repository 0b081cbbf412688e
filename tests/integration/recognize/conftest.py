"""What these tests stand on."""

from tests.gateway_and_recognize import address, asking_settings, log_in
from tests.recognizing import engine, objects, opens, owner, recognizer, recognizer_alone, shop, vectors

__all__ = [
    "address",
    "asking_settings",
    "engine",
    "log_in",
    "objects",
    "opens",
    "owner",
    "recognizer",
    "recognizer_alone",
    "shop",
    "vectors",
]
