"""A deployment of its own for the restore drill: database, bucket and index that may all be lost, and its backups."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine, make_url

from compose.onebox.servers.milvus_lite import MilvusLiteServer
from compose.onebox.servers.postgres import PostgresServer
from compose.onebox.servers.seaweed import SeaweedServer
from regulars.adapters.dumps_postgres import PostgresDumps
from regulars.adapters.objects_s3 import S3ObjectStore
from regulars.ids import new_id
from regulars.ports import ObjectStore
from regulars.steps.back_up import BackedUp, back_up
from regulars.steps.backup_files import BackupFolders
from regulars.steps.carry_out_erasures import carry_out_erasures
from regulars.steps.index_templates import collection_of, index_pending, reindex
from regulars.steps.recognize import Recognizer
from regulars.steps.replay_erasures import replay_erasures
from regulars.steps.restore import ReadDump, restore_database, restore_objects
from regulars.store.migrate import migrate
from regulars.store.session import as_role, connect
from tests.fake_pack import FakeDetector, fake_pack
from tests.people_seen import MUCH_LATER
from tests.sealing import DATA_KEYS, SEALING_KEYS
from tests.shop import Shop, open_shop
from tests.turned import ROTATION_SECRET, turned_index

POSTGRESQL = 18


@dataclass
class Drill:
    """A deployment of its own, all of which may be lost, and where its backups go."""

    server: PostgresServer
    database: str
    owner: Engine
    application_url: str
    shop: Shop
    recognizer: Recognizer
    folders: BackupFolders
    objects_url: str
    vectors_url: str

    @property
    def objects(self) -> ObjectStore:
        return self.shop.objects

    def dumps(self, url: str) -> PostgresDumps:
        return PostgresDumps(url, POSTGRESQL, self.server.programs)

    def reads(self, url: str) -> ReadDump:
        return self.dumps(url).read

    def back_up(self, days: int, objects: ObjectStore | None = None) -> BackedUp:
        url = self.server.database_url(self.database)
        return back_up(
            owner=self.owner,
            data_keys=DATA_KEYS,
            objects=objects or self.objects,
            write_dump=self.dumps(url).write,
            folders=self.folders,
            keep=timedelta(days=30),
            now=MUCH_LATER + timedelta(days=days),
        )

    def settings(self) -> dict[str, str]:
        """Return what the commands are told of it, by the settings' names."""
        return {
            "DATABASE_URL": self.application_url,
            "DATABASE_OWNER_URL": self.server.database_url(self.database),
            "SEALING_KEYS": SEALING_KEYS,
            "ROTATION_SECRET": ROTATION_SECRET,
            "OBJECTS_URL": self.objects_url,
            "VECTORS_URL": self.vectors_url,
            "BACKUP_DIR": str(self.folders.backups),
            "BACKUP_KEYS_DIR": str(self.folders.keys),
            "POSTGRES_PROGRAMS_DIR": str(self.server.programs),
        }

    def lose_everything(self) -> None:
        self.server.drop_database(self.database)
        self.server.make_database(self.database)
        self.objects.delete([one.key for one in self.objects.list("")])
        self.recognizer.vectors.drop(collection_of(self.recognizer.pack.digest))

    def restore(self, backup: Path) -> None:
        where: dict[str, Any] = {"data_keys": DATA_KEYS, "folders": self.folders}
        url = self.server.database_url(self.database)
        restore_database(
            backup, owner=self.owner, application_url=self.application_url, read_dump=self.dumps(url).read, **where
        )
        restore_objects(backup, objects=self.objects, **where)
        self.replay()
        pack = self.recognizer.pack
        parts: dict[str, Any] = {"engine": self.shop.engine, "vectors": self.recognizer.vectors}
        list(reindex(**parts, pack=pack.digest, dimension=pack.dimension))
        self.carry_out()

    def replay(self) -> int:
        return replay_erasures(engine=self.shop.engine, objects=self.objects, actor="test", now=MUCH_LATER).people

    def carry_out(self) -> None:
        what: dict[str, Any] = {"objects": self.objects, "vectors": self.recognizer.vectors}
        list(carry_out_erasures(engine=self.shop.engine, **what, actor="test", now=MUCH_LATER))


@pytest.fixture
def drill(
    postgres_server: PostgresServer,
    object_store_server: SeaweedServer,
    milvus_server: MilvusLiteServer,
    tmp_path: Path,
) -> Iterator[Drill]:
    name = f"drill_{uuid4().hex}"
    owner_url = postgres_server.make_database(name)
    owner = connect(owner_url, pool_size=3, data_keys=DATA_KEYS)
    application_url = as_role(owner_url, "regulars_app", "of-the-tests")
    migrate(owner, application_url)
    engine = connect(application_url, data_keys=DATA_KEYS)
    url = make_url(object_store_server.url)
    objects_url = object_store_server.url.replace(f"/{url.database}", f"/drill-{uuid4().hex}", 1)
    objects = S3ObjectStore(objects_url)
    objects.ensure_bucket(30)
    pack, vectors = fake_pack(f"drill{new_id().hex}"), turned_index(milvus_server.url)
    recognizer = Recognizer(
        engine=engine, objects=objects, vectors=vectors, pack=pack, detector=FakeDetector(), wanted_fpir=0.005
    )
    list(index_pending(engine=engine, vectors=vectors, pack=pack.digest, dimension=pack.dimension))
    folders = BackupFolders(tmp_path / "backups", tmp_path / "keys")
    yield Drill(
        postgres_server,
        name,
        owner,
        application_url,
        open_shop(engine, objects),
        recognizer,
        folders,
        objects_url,
        milvus_server.url,
    )
    vectors.drop(collection_of(pack.digest))
    engine.dispose()
    owner.dispose()
    postgres_server.drop_database(name)
