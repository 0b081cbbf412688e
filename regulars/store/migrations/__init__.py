"""Alembic migrations, forward only; `python -m regulars.store.migrate` applies them."""
