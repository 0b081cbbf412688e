"""A database of its own for a benchmark of the gateway, and the settings with which gateways use it."""

from cryptography.fernet import Fernet

from compose.onebox.servers.postgres import PostgresServer
from regulars.settings import Settings
from regulars.store.migrate import migrate
from regulars.store.session import as_role, connect


def gateway_settings(server: PostgresServer) -> Settings:
    """Make and migrate the database `bench`; nobody answers at the other addresses of the settings."""
    owner_url = server.make_database("bench")
    application = as_role(owner_url, "regulars_app", "of-the-bench")
    owner = connect(owner_url)
    migrate(owner, application)
    owner.dispose()
    return Settings(
        database_url=application,
        objects_url="s3://nobody:nothing@127.0.0.1:1/faces?secure=false",
        recognize_url="http://127.0.0.1:1",
        events_token="of-the-bench",
        secret_key="of-the-bench",
        sealing_keys=Fernet.generate_key().decode(),
    )
