"""Links by mail: through a real SMTP server, to the address of the account and to nobody else."""

import queue
import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import httpx
import pytest
from aiosmtpd.controller import Controller

from functions.gateway.app import create_app
from regulars.adapters.mail_smtp import SmtpMail
from regulars.errors import ConfigurationRefused, DependencyAway
from regulars.ids import new_id
from regulars.store.session import transaction
from regulars.store.tenants import change_tenant
from regulars.tenancy import PLATFORM
from tests.integration.gateway.conftest import PASSWORD, Chain, World, serving
from tests.waiting import PATIENCE_S

PUBLIC = "https://portal.example.com"
NEW = "a new and long one"


class Inbox:
    """Takes what the server is sent."""

    def __init__(self) -> None:
        self._letters: queue.Queue[tuple[list[str], EmailMessage]] = queue.Queue()

    def next(self) -> tuple[list[str], EmailMessage]:
        """Return the next letter and whom it is for; some are sent after the request is answered."""
        return self._letters.get(timeout=PATIENCE_S)

    def is_empty(self) -> bool:
        return self._letters.empty()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        letter = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self._letters.put((envelope.rcpt_tos, letter))
        return "250 taken"


class SmtpServer(Controller):
    """A server on any free port."""

    def _trigger_server(self) -> None:
        listening: Any = self.server
        self.port: int = listening.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def inbox() -> Iterator[tuple[Inbox, str]]:
    inbox = Inbox()
    server = SmtpServer(inbox, hostname="127.0.0.1", port=0, ready_timeout=PATIENCE_S)
    server.start()
    yield inbox, f"smtp://127.0.0.1:{server.port}"
    server.stop()


@pytest.fixture
def mailing(world: World, inbox: tuple[Inbox, str]) -> Iterator[tuple[str, Inbox]]:
    """A gateway that sends mail: its address, and what has arrived."""
    update = {"smtp_url": inbox[1], "mail_from": "regulars@example.com", "public_url": PUBLIC}
    app = create_app(world.settings.model_copy(update=update), clock=world.clock)
    with serving(app) as url:
        yield url, inbox[0]


def token_in(letter: EmailMessage) -> str:
    found = re.search(rf"{PUBLIC}/password#token=(\S+)", letter.get_content())
    assert found
    return found[1]


def test_who_is_invited_gets_the_link_by_mail(world: World, chain: Chain, mailing: tuple[str, Inbox]) -> None:
    url, inbox = mailing
    owner = world.logged_in(chain.emails["owner"])
    email = f"{new_id().hex}@example.com"
    with httpx.Client(base_url=url, cookies=owner.cookies) as client:
        made = client.post("/v1/users", json={"email": email, "role": "analyst"}).json()
    assert made["mailed"] is True
    to, letter = inbox.next()
    assert (to, letter["From"]) == ([email], "regulars@example.com")
    assert letter["Subject"] == "Tài khoản của bạn tại Phở Ngon"
    assert f"{PUBLIC}/password#token={token_in(letter)}" == made["link"]


def test_a_forgotten_password_is_mailed_to_its_account_alone(
    world: World, chain: Chain, mailing: tuple[str, Inbox]
) -> None:
    url, inbox = mailing
    with transaction(world.parts.engine, PLATFORM) as connection:
        change_tenant(connection, chain.tenant_id, language="en")
    email, before = chain.emails["owner"], world.logged_in(chain.emails["owner"])
    with httpx.Client(base_url=url) as client:
        for wanted in (f"{new_id().hex}@example.com", email.upper()):
            # Whoever asks cannot have the link point elsewhere.
            evil = {"Host": "evil.example.com", "X-Forwarded-Host": "evil.example.com"}
            asked = client.post("/v1/auth/password/forgotten", json={"email": wanted}, headers=evil)
            assert asked.status_code == 202
    to, letter = inbox.next()
    assert (to, letter["Subject"]) == ([email], "A new password at Phở Ngon")
    assert inbox.is_empty()
    chosen = {"token": token_in(letter), "new": NEW}
    assert world.client().post("/v1/auth/password/by-link", json=chosen).status_code == 200
    assert before.post("/v1/auth/refresh").status_code == 401
    for password, status in ((PASSWORD, 401), (NEW, 200)):
        given = {"email": email, "password": password}
        assert world.client().post("/v1/auth/login", json=given).status_code == status


def test_a_server_that_is_away_keeps_nobody_from_inviting(world: World, chain: Chain) -> None:
    update = {"smtp_url": "smtp://127.0.0.1:1", "mail_from": "regulars@example.com", "public_url": PUBLIC}
    with serving(create_app(world.settings.model_copy(update=update), clock=world.clock)) as url:
        cookies = world.logged_in(chain.emails["owner"]).cookies
        with httpx.Client(base_url=url, cookies=cookies) as client:
            made = client.post("/v1/users", json={"email": f"{new_id().hex}@example.com", "role": "analyst"})
    assert (made.status_code, made.json()["mailed"]) == (201, False)
    with pytest.raises(DependencyAway):
        SmtpMail("smtp://127.0.0.1:1", "regulars@example.com").send("a@example.com", "subject", "text")


@pytest.mark.parametrize("url", ["http://mail.example.com", "smtp://", "mail.example.com"])
def test_a_server_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(ConfigurationRefused):
        SmtpMail(url, "regulars@example.com")
