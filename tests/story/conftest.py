"""What these tests stand on."""

from tests.recognizing import engine, objects, opens, owner, recognizer, recognizer_alone, shop, vectors

__all__ = ["engine", "objects", "opens", "owner", "recognizer", "recognizer_alone", "shop", "vectors"]
