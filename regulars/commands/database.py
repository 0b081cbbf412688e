"""How commands reach PostgreSQL: as the settings say, closed when they end, however they end."""

from collections.abc import Generator
from contextlib import contextmanager

from regulars import wiring
from regulars.settings import load_settings
from regulars.store.session import Engine


@contextmanager
def database(*needs: str) -> Generator[Engine]:
    """Open PostgreSQL. Raises ConfigurationRefused for settings, of those needed, that cannot be used."""
    engine = wiring.engine(load_settings(("database_url", *needs)), pool_size=1)
    try:
        yield engine
    finally:
        engine.dispose()
