"""What every route of the gateway works with: put together once per process, handed to routes by FastAPI."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request

from functions.gateway.auth.held_open import HeldOpen
from functions.gateway.auth.limits import Limits
from functions.gateway.auth.oidc import Oidc
from functions.gateway.auth.passwords import Passwords
from functions.gateway.faces.client import FaceQuestions
from functions.gateway.idempotency import prove_claim
from functions.gateway.live.ear import Ear
from functions.gateway.live.fan_out import FanOut
from functions.gateway.watching.lookout import Lookout
from regulars import wiring
from regulars.adapters.mail_smtp import SmtpMail
from regulars.adapters.objects_s3 import S3Address
from regulars.adapters.sealing_fernet import FernetSealing
from regulars.adapters.webhooks_http import HttpWebhooks
from regulars.dependencies import Dependencies
from regulars.metrics import Meter
from regulars.ports import ObjectStore
from regulars.settings import Settings
from regulars.steps.deliver_webhooks import Courier
from regulars.store.held_columns import HeldColumns
from regulars.store.session import Connection, Engine, is_there, transaction
from regulars.tenancy import Tenancy

Clock = Callable[[], datetime]
_ANSWER_WITHIN_S = 1.5
"""Of dependencies: longer than recognize takes to tell of its own."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The gateway's parts. `clock` is the only way a route learns the time (UTC).

    `holds_streams` is False where an answer must end (AWS Lambda): the live stream then tells what is new and ends.
    """

    settings: Settings
    engine: Engine
    objects: ObjectStore
    sealing: FernetSealing
    clock: Clock
    passwords: Passwords
    limits: Limits
    held_open: HeldOpen
    mail: SmtpMail | None
    oidc: Oidc | None
    faces: FaceQuestions
    ear: Ear
    fan_out: FanOut
    lookout: Lookout
    out: HttpWebhooks
    courier: Courier
    meter: Meter
    held_days: HeldColumns
    asked: Dependencies
    holds_streams: bool

    @contextmanager
    def transaction(self, tenancy: Tenancy) -> Generator[Connection]:
        """Open the transaction of this request; it commits at the end of the `with`."""
        with transaction(self.engine, tenancy) as connection:
            yield connection
            prove_claim(connection, tenancy)

    @property
    def pictures_from(self) -> str:
        """The origin that links to pictures point at."""
        address = S3Address.parse(self.settings.objects_url)
        return self.settings.objects_public_url or address.public or _origin(address)

    def end_streams(self) -> None:
        """End whatever an answer is held open for."""
        self.fan_out.close()
        self.lookout.close()
        self.ear.close()

    def close(self) -> None:
        """Stop listening and give the connections back."""
        self.end_streams()
        self.faces.close()
        if self.oidc is not None:
            self.oidc.close()
        self.courier.engine.dispose()
        self.engine.dispose()


def build_parts(settings: Settings, clock: Clock, *, holds_streams: bool) -> Parts:
    """Put the parts together; nothing is connected before it is used."""
    engine = wiring.engine(settings)
    sealing = FernetSealing(settings.sealing_keys)
    ear = Ear(settings.database_url)
    objects = wiring.object_store(settings)
    faces = FaceQuestions(settings.recognize_url, settings.events_token)
    checks = {"postgresql": lambda: is_there(engine), "objects": objects.check, "recognize": faces.check}
    return Parts(
        settings=settings,
        engine=engine,
        objects=objects,
        sealing=sealing,
        clock=clock,
        passwords=Passwords(),
        limits=Limits(engine, clock),
        held_open=HeldOpen(),
        mail=wiring.mail_sender(settings),
        oidc=Oidc(settings, sealing) if settings.oidc_issuer else None,
        faces=faces,
        ear=ear,
        fan_out=FanOut(ear, engine, clock),
        lookout=Lookout(ear, engine, clock),
        out=wiring.webhook_sender(settings),
        courier=wiring.courier(settings, clock),
        meter=Meter(),
        held_days=HeldColumns(settings.held_reports_mb * 1_000_000),
        asked=Dependencies(checks, _ANSWER_WITHIN_S),
        holds_streams=holds_streams,
    )


async def parts_of(request: Request) -> Parts:
    """Return the parts of the app that answers this request; `async`, so that no thread is asked for it."""
    parts = request.app.state.parts
    assert isinstance(parts, Parts)  # noqa: S101
    return parts


def _origin(address: S3Address) -> str:
    return f"{'https' if address.secure else 'http'}://{address.endpoint}"


PartsDep = Annotated[Parts, Depends(parts_of)]
