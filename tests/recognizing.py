"""Fixtures for tests of recognizing: one migrated PostgreSQL, SeaweedFS and Milvus Lite, and a recognizer on them.

A conftest.py imports what its folder needs. Tests share the database; each opens a shop of a tenant of its own.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from sqlalchemy import Engine

from compose.onebox.servers.milvus_lite import MilvusLiteServer
from compose.onebox.servers.postgres import PostgresServer
from compose.onebox.servers.seaweed import SeaweedServer
from regulars.adapters.objects_s3 import S3ObjectStore
from regulars.ids import new_id
from regulars.ports import ObjectStore, VectorIndex
from regulars.steps.held_galleries import HeldGalleries
from regulars.steps.index_templates import index_pending
from regulars.steps.recognize import Recognizer
from regulars.store.migrate import migrate
from regulars.store.session import connect
from tests.fake_pack import FakeDetector, fake_pack
from tests.sealing import DATA_KEYS
from tests.shop import Shop, open_shop
from tests.turned import turned_index

OpenShop = Callable[..., Shop]


@pytest.fixture(scope="session")
def owner(postgres_server: PostgresServer) -> Iterator[Engine]:
    """The schema's owner, on a migrated database."""
    engine = connect(postgres_server.make_database(f"recognizing_{new_id().hex}"), pool_size=2)
    migrate(engine, "postgresql://regulars_app:of-the-tests@localhost/x")
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def engine(owner: Engine) -> Iterator[Engine]:
    """The application's role on that database."""
    url = owner.url.set(drivername="postgresql", username="regulars_app", password="of-the-tests")
    application = connect(url.render_as_string(hide_password=False), data_keys=DATA_KEYS)
    yield application
    application.dispose()


@pytest.fixture(scope="session")
def objects(object_store_server: SeaweedServer) -> ObjectStore:
    return S3ObjectStore(object_store_server.url)


@pytest.fixture(scope="session")
def vectors(milvus_server: MilvusLiteServer) -> VectorIndex:
    return turned_index(milvus_server.url)


@pytest.fixture(scope="session")
def recognizer(engine: Engine, objects: ObjectStore, vectors: VectorIndex) -> Recognizer:
    """A recognizer with the fake pack; all tests that use it share one collection."""
    return _recognizer(engine, objects, vectors)


@pytest.fixture
def recognizer_alone(engine: Engine, objects: ObjectStore, vectors: VectorIndex) -> Iterator[Recognizer]:
    """A recognizer that holds no gallery in memory, whose collection no other test uses: it may be damaged."""
    made = replace(_recognizer(engine, objects, vectors), held=HeldGalleries(most_bytes=0))
    yield made
    vectors.drop(f"faces_{made.pack.digest}")


def _recognizer(engine: Engine, objects: ObjectStore, vectors: VectorIndex) -> Recognizer:
    pack = fake_pack(f"fake{new_id().hex}")
    list(index_pending(engine=engine, vectors=vectors, pack=pack.digest, dimension=pack.dimension))
    return Recognizer(
        engine=engine, objects=objects, vectors=vectors, pack=pack, detector=FakeDetector(), wanted_fpir=0.005
    )


@pytest.fixture
def opens(engine: Engine, objects: ObjectStore) -> OpenShop:
    """Open a shop of a new tenant: `opens(gap_minutes=0, sharing="network", …)`."""

    def opened(**how: object) -> Shop:
        return open_shop(engine, objects, **how)  # pyright: ignore[reportArgumentType]

    return opened


@pytest.fixture
def shop(opens: OpenShop) -> Shop:
    """A shop with two cameras and a visit gap of 30 minutes, isolated from other tenants."""
    return opens()
