"""Hears that something new can be read: PostgreSQL's LISTEN, on one connection of a process's own."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import LiteralString
from uuid import UUID

import psycopg
from sqlalchemy import Connection, text

from regulars.store.live import CHANNEL
from regulars.store.watching import WATCHING

_LOOK_EVERY_S = 1.0
_RECONNECT_AFTER_S = 2.0


@dataclass(frozen=True, slots=True)
class Heard:
    """One notification."""

    channel: str
    message: str


def notifications(
    url: str, stop: threading.Event, channels: Sequence[LiteralString] = (WATCHING, CHANNEL)
) -> Iterator[Heard | None]:
    """Yield each notification on these channels until `stop` is set, which is noticed within 1 s.

    Yields None after every connection made, the first too: what was notified before it was not heard, so look for it.
    While PostgreSQL is away it tries again every 2 s.
    """
    while not stop.is_set():
        try:
            with psycopg.connect(url, autocommit=True, connect_timeout=5) as connection:
                for channel in channels:
                    connection.execute(f"listen {channel}")
                yield None
                while not stop.is_set():
                    for heard in connection.notifies(timeout=_LOOK_EVERY_S):
                        yield Heard(heard.channel, heard.payload)
                        if stop.is_set():
                            break
        except psycopg.OperationalError:
            stop.wait(_RECONNECT_AFTER_S)


def announce_camera(connection: Connection, tenant_id: UUID, camera_id: UUID) -> None:
    """Notify, when the transaction commits, that the camera can be read anew: `tenant_id camera camera_id site_id`.

    It has no number and is not kept: who was away reads all cameras again, since only their present state matters.
    """
    connection.execute(
        text(
            "select pg_notify(:channel, concat_ws(' ', cast(:message as text), (select site_id from cameras"
            " where tenant_id = :tenant_id and camera_id = :camera_id)))"
        ),
        {
            "channel": CHANNEL,
            "message": f"{tenant_id} camera {camera_id}",
            "tenant_id": tenant_id,
            "camera_id": camera_id,
        },
    )
