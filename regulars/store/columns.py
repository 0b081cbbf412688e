"""Under the tables: the metadata that all of them share and the few kinds of column they are made of."""

import sqlalchemy as sa

metadata = sa.MetaData()


def id_column(name: str, *, key: bool = False, required: bool = True) -> sa.Column[object]:
    """Return a UUID column."""
    return sa.Column(name, sa.Uuid(), primary_key=key, nullable=not (required or key))


def time_column(name: str, *, required: bool = True) -> sa.Column[object]:
    """Return a column of moments, aware and in UTC."""
    return sa.Column(name, sa.DateTime(timezone=True), nullable=not required)


def text_column(name: str, *, required: bool = True) -> sa.Column[object]:
    """Return a text column."""
    return sa.Column(name, sa.Text, nullable=not required)
