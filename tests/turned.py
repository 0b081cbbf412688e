"""The vector index as the deployment of the tests uses it: turned by a secret."""

from regulars.ports import VectorIndex
from regulars.settings import Settings
from regulars.wiring import vector_index

ROTATION_SECRET = "of-the-tests-and-of-nobody-else-0123456789"


def turned_index(url: str, secret: str = ROTATION_SECRET) -> VectorIndex:
    """Return the index of the Milvus at `url`."""
    return vector_index(Settings(vectors_url=url, rotation_secret=secret))
