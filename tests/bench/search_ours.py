"""The gallery that recognize holds in memory, on its servers, for the benchmark of searching."""

import time
from collections.abc import Generator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from compose.onebox.place import Place
from compose.onebox.processes import Supervisor
from compose.onebox.servers.milvus_lite import MilvusLiteServer
from compose.onebox.servers.postgres import PostgresServer
from regulars.domain.exact_search import ExactGallery
from regulars.domain.faces import FloatArray
from regulars.ports import VectorIndex
from regulars.steps.held_galleries import AT_ONCE, HeldGalleries
from regulars.steps.search_gallery import HITS, PEOPLE, propose
from regulars.store.migrate import migrate
from regulars.store.session import Engine, as_role, connect, transaction
from regulars.store.templates import Gallery
from regulars.tenancy import Tenancy
from tests.sealing import DATA_KEYS


@dataclass(frozen=True, slots=True)
class Servers:
    """What was started: PostgreSQL as its owner and as the application, and through psycopg; Milvus Lite's URL."""

    owner: Engine
    engine: Engine
    plain: Any
    milvus_url: str


@contextmanager
def servers() -> Generator[Servers]:
    """Start Milvus Lite and a migrated PostgreSQL."""
    psycopg: Any = import_module("psycopg")
    with ExitStack() as stack:
        place = Place(Path(stack.enter_context(TemporaryDirectory(ignore_cleanup_errors=True))))
        supervisor = stack.enter_context(Supervisor(place.run_dir))
        milvus, postgres = MilvusLiteServer(place, supervisor), PostgresServer(place, supervisor)
        milvus.start()
        postgres.start()
        owner = connect(postgres.url, pool_size=1, data_keys=DATA_KEYS)
        stack.callback(owner.dispose)
        application = as_role(postgres.url, "regulars_app", place.secret("regulars-app"))
        migrate(owner, application)
        engine = connect(application, pool_size=4, data_keys=DATA_KEYS)
        stack.callback(engine.dispose)
        plain = stack.enter_context(psycopg.connect(postgres.url, autocommit=True))
        yield Servers(owner, engine, plain, milvus.url)


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What recognize searches with."""

    engine: Engine
    vectors: VectorIndex
    held: HeldGalleries = field(default_factory=lambda: HeldGalleries(4_000_000_000))

    def before_index(self) -> None:
        """Let the index be asked."""


class Held:
    """Our gallery in memory: filled from vectors at hand, as peers are, or `read` from PostgreSQL, as it really is."""

    here = True

    def __init__(self, row_of: Mapping[UUID, int]) -> None:
        self._row_of, self._looks = row_of, ExactGallery(0)

    @property
    def size_bytes(self) -> int:
        """How much memory it takes by its own count."""
        return self._looks.size_bytes

    def fill(self, vectors: FloatArray) -> None:
        """See Index."""
        self._looks = ExactGallery(vectors.shape[1])
        people = list(self._row_of)
        looks = len(vectors) // len(people)
        for begin in range(0, len(vectors), AT_ONCE):
            rows = range(begin, min(begin + AT_ONCE, len(vectors)))
            self._looks.add(rows, [people[row // looks] for row in rows], vectors[rows.start : rows.stop])

    def read(self, gallery: Gallery, parts: Parts) -> None:
        """Have it read as recognize does: the first look reads some of it, the rest is read beside."""
        looked = None
        while looked is None:
            with transaction(parts.engine, Tenancy(None, gallery.scope_id)) as connection:
                [looked] = parts.held.look(connection, [gallery], parts.engine)
            time.sleep(0.1)
        self._looks = looked.looks or self._looks

    def search(self, query: FloatArray) -> list[int]:
        """See Index."""
        return [self._row_of[person] for person in self._looks.nearest(query, HITS, PEOPLE)]


@dataclass(frozen=True, slots=True)
class Proposing:
    """A search as recognize waits for it."""

    gallery: Gallery
    parts: Parts

    def search(self, query: FloatArray) -> object:
        """Propose."""
        return propose(query, [self.gallery], Tenancy(None, self.gallery.scope_id), within=self.parts)
