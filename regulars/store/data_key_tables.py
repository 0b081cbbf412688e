"""The tables of data keys: what looks and people are sealed with, wrapped by the deployment's sealing key.

A row goes with its look or person, and what any backup holds of them can then be read by nobody.
"""

import sqlalchemy as sa

from regulars.store.columns import id_column as _id
from regulars.store.columns import metadata

face_template_keys = sa.Table(
    "face_template_keys",
    metadata,
    _id("scope_id", key=True),
    _id("template_id", key=True),
    sa.Column("data_key_wrapped", sa.LargeBinary, nullable=False),
)

person_keys = sa.Table(
    "person_keys",
    metadata,
    _id("scope_id", key=True),
    _id("subject_id", key=True),
    sa.Column("data_key_wrapped", sa.LargeBinary, nullable=False),
)
