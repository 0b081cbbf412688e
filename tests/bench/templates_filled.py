"""A gallery's looks in PostgreSQL, sealed as recognize seals them, for the benchmark of searching."""

from typing import Any
from uuid import UUID

from regulars.domain.faces import FloatArray
from regulars.ids import new_id
from regulars.store.data_keys import DataKeys
from regulars.store.session import Engine
from regulars.store.templates import Gallery
from tests.shop import NOON

_TEMPLATES = (
    "copy face_templates (scope_id, template_id, tenant_id, kind, subject_id, pack, vector, quality, created_at,"
    " indexed_at) from stdin"
)
_AT_ONCE = 20_000


def write_templates(
    owner: Engine, gallery: Gallery, vectors: FloatArray, looks: int, data_keys: DataKeys
) -> list[UUID]:
    """Write `vectors` (float32 [n, d]), `looks` in a row for each person, noted as indexed; return the people's ids."""
    people = [new_id() for _ in range(-(-len(vectors) // looks))]
    connection: Any = owner.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("set statement_timeout = 0")
        for begin in range(0, len(vectors), _AT_ONCE):
            rows = [
                (new_id(), data_keys.make(), people[row // looks], vectors[row])
                for row in range(begin, min(begin + _AT_ONCE, len(vectors)))
            ]
            with cursor.copy(_TEMPLATES) as copy:
                for template_id, key, person, vector in rows:
                    sealed = data_keys.seal(key, vector.astype("<f4").tobytes(), template_id.bytes)
                    whose = (gallery.scope_id, template_id, gallery.scope_id, gallery.kind, person, gallery.pack)
                    copy.write_row((*whose, sealed, 0.9, NOON, NOON))
            with cursor.copy("copy face_template_keys from stdin") as copy:
                for template_id, key, _, _ in rows:
                    copy.write_row((gallery.scope_id, template_id, key))
        cursor.execute("analyze face_templates, face_template_keys")
        connection.commit()
    finally:
        connection.close()
    return people
