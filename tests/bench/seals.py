"""Entry point: `python -m tests.bench.seals` tells what opening encrypted looks, and turning a probe, cost a track.

On a real PostgreSQL: the looks of ten candidates, five each, read from a gallery of two thousand. It measures this
machine as it is now, so nothing is asserted.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import numpy as np
from sqlalchemy import select

from compose.onebox.place import Place
from compose.onebox.processes import Supervisor
from compose.onebox.servers.postgres import PostgresServer
from regulars.adapters.objects_s3 import S3ObjectStore
from regulars.domain.rotation import Rotation
from regulars.ids import new_id
from regulars.store.migrate import migrate
from regulars.store.session import Engine, connect, transaction
from regulars.store.tables import face_templates
from regulars.store.templates import Gallery, StoredTemplate, add_template, templates_of
from regulars.tenancy import Tenancy
from tests.sealing import DATA_KEYS
from tests.shop import NOON, open_shop
from tests.turned import ROTATION_SECRET

PEOPLE, LOOKS, CANDIDATES, DIMENSION, TIMES = 400, 5, 10, 128, 200


def main() -> None:
    """Measure, and print milliseconds."""
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        Supervisor(Path(folder) / "run") as supervisor,
    ):
        server = PostgresServer(Place(Path(folder)), supervisor)
        server.start()
        owner = connect(server.make_database("seals"), data_keys=DATA_KEYS)
        migrate(owner, "postgresql://regulars_app:of-the-bench@localhost/x")
        gallery, subjects = _fill(owner)
        with transaction(owner, Tenancy(None, gallery.scope_id)) as connection:
            some = subjects[:CANDIDATES]
            reading = _median_ms(lambda: templates_of(connection, gallery, some))
            mine = (face_templates.c.scope_id == gallery.scope_id, face_templates.c.subject_id.in_(some))
            without = _median_ms(lambda: connection.execute(select(face_templates).where(*mine)).mappings().all())
        owner.dispose()
    key = DATA_KEYS.make()
    sealed = DATA_KEYS.seal(key, bytes(4 * DIMENSION), b"whose")
    opening = _median_ms(lambda: [DATA_KEYS.open(key, sealed, b"whose") for _ in range(CANDIDATES * LOOKS)])
    turns, probe = Rotation(ROTATION_SECRET), np.ones((1, DIMENSION), np.float32)
    sys.stdout.write(
        f"reading {CANDIDATES * LOOKS} looks of {CANDIDATES} candidates from PostgreSQL: {reading:.2f} ms\n"
        f"their rows alone, without keys and unopened: {without:.2f} ms\n"
        f"of which opening their encryption: {opening:.2f} ms\n"
        f"turning a probe of {DIMENSION} dimensions: {_median_ms(lambda: turns.turn(probe)):.3f} ms\n"
    )


def _fill(owner: Engine) -> tuple[Gallery, list[UUID]]:
    shop, chance = (
        open_shop(owner, S3ObjectStore("s3://key:secret@127.0.0.1:1/none?secure=false")),
        np.random.default_rng(),
    )
    gallery = Gallery(shop.tenant.scope_id, "customer", "bench")
    subjects = [new_id() for _ in range(PEOPLE)]
    with transaction(owner, shop.tenancy()) as connection:
        for subject_id in subjects * LOOKS:
            vector = chance.standard_normal(DIMENSION).astype(np.float32)
            ids = (new_id(), gallery.scope_id, shop.tenant.tenant_id)
            add_template(connection, StoredTemplate(*ids, "customer", subject_id, "bench", vector, 0.9, None, NOON))
    return gallery, subjects


def _median_ms(work: Callable[[], object]) -> float:
    times: list[float] = []
    for _ in range(TIMES):
        begun_s = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun_s)
    return statistics.median(times) * 1000


if __name__ == "__main__":
    main()
