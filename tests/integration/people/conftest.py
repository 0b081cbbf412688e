"""What these tests stand on: recognizing on real parts, and what happened to a shop's people afterwards."""

from tests.recognizing import engine, objects, opens, owner, recognizer, recognizer_alone, shop, vectors

__all__ = ["engine", "objects", "opens", "owner", "recognizer", "recognizer_alone", "shop", "vectors"]
