"""What these tests stand on: recognizing on real parts, and a look into every corner where a person could be left."""

from tests.recognizing import engine, objects, opens, owner, recognizer, recognizer_alone, shop, vectors

__all__ = ["engine", "objects", "opens", "owner", "recognizer", "recognizer_alone", "shop", "vectors"]
