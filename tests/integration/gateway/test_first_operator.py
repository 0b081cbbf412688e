"""The first start: an operator with a printed password that is good for choosing another, and for nothing else."""

import re
from collections.abc import Iterator

import httpx
import pytest

from compose.onebox.servers.postgres import PostgresServer
from functions.gateway import first_operator
from functions.gateway.app import create_app
from functions.gateway.auth.limits import RULES
from functions.gateway.first_operator import TO_CHANGE_WITHIN, FirstStart, ensure_operator, print_again
from functions.gateway.parts import Parts
from regulars.errors import ConfigurationRefused, InputRefused
from regulars.ids import new_id
from regulars.settings import Settings
from regulars.store.migrate import migrate
from regulars.store.session import as_role, connect
from tests.integration.gateway.conftest import MovableClock, serving

OWN = "a password of my own"


@pytest.fixture(scope="module")
def new_settings(postgres_server: PostgresServer, gateway_settings: Settings) -> Settings:
    """Settings of a production gateway whose database has no account."""
    owner_url = postgres_server.make_database(f"new_{new_id().hex}")
    application = as_role(owner_url, "regulars_app", "of-the-tests")
    owner = connect(owner_url)
    migrate(owner, application)
    owner.dispose()
    return gateway_settings.model_copy(update={"database_url": application, "mode": "production"})


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
def new_parts(new_settings: Settings, clock: MovableClock) -> Iterator[Parts]:
    parts: Parts = create_app(new_settings, clock=clock).state.parts
    yield parts
    parts.close()


def read(told: str | None) -> dict[str, str]:
    found = re.search(r"e-mail +(\S+)\s+password +(\S+)", told or "")
    assert found
    return {"email": found[1], "password": found[2]}


def test_the_printed_password_is_good_for_choosing_another_only(
    new_settings: Settings,
    clock: MovableClock,
    new_parts: Parts,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(InputRefused):
        print_again(new_parts)

    def those(_: object) -> Settings:
        return new_settings

    with monkeypatch.context() as patched:
        patched.setattr(first_operator, "load_settings", those)
        assert first_operator.main(["--again"]) == 2
    assert capsys.readouterr().err.endswith("There is no operator yet; start without --again.\n")
    FirstStart(new_parts, lambda refused: pytest.fail(str(refused))).run()
    lost = read(capsys.readouterr().out)
    assert ensure_operator(new_parts) is None, "it is printed once"
    clock.pass_by(TO_CHANGE_WITHIN.total_seconds() + 1)
    refused: list[ConfigurationRefused] = []
    FirstStart(new_parts, refused.append).run()
    assert "never changed" in str(refused[0])
    printed = read(print_again(new_parts))
    assert ensure_operator(new_parts) is None, "within a day of the new one production starts again"

    app = create_app(new_settings.model_copy(update={"mode": "embedded"}), clock=clock)
    with serving(app) as url, httpx.Client(base_url=url) as client:
        assert client.post("/v1/auth/login", json=lost).status_code == 401
        assert client.post("/v1/auth/login", json=printed).json()["stage"] == "password"
        for path in ("/v1/users", "/v1/cameras", "/v1/keys"):
            answer = client.get(path)
            assert (answer.status_code, answer.json()["code"]) == (403, "password_must_change")
        chosen = client.put("/v1/auth/password", json={"present": printed["password"], "new": OWN})
        assert chosen.json()["stage"] == "full"
        assert client.get("/v1/users").status_code == 200
    clock.pass_by(10 * TO_CHANGE_WITHIN.total_seconds())
    assert ensure_operator(new_parts) is None


@pytest.mark.parametrize(
    ("trusted", "told"),
    [("127.0.0.1", [401, 401]), ("10.0.0.1", [401, 429]), ("127.0.0.0/8, 192.0.2.0/24", [401, 429])],
)
def test_only_a_configured_proxy_says_whose_address_it_is(
    gateway_settings: Settings, clock: MovableClock, trusted: str, told: list[int]
) -> None:
    """Behind a proxy each address has tries of its own; who is no proxy cannot take another address by a header.

    Behind two the caller is who stands before both, whatever they say who was before them.
    """
    most, _ = RULES["login"]
    guess = {"email": f"{new_id().hex}@example.com", "password": "x"}
    settings = gateway_settings.model_copy(update={"trusted_proxies": trusted})
    with serving(create_app(settings, clock=clock)) as url, httpx.Client(base_url=url) as client:

        def told_of(address: str) -> str:
            return f"{address}, 203.0.113.5, 192.0.2.9" if "/" in trusted else address

        def answer_to(address: str) -> int:
            return client.post("/v1/auth/login", json=guess, headers={"X-Forwarded-For": told_of(address)}).status_code

        for _ in range(most - 1):
            answer_to("192.0.2.1")
        assert [answer_to("192.0.2.1"), answer_to("192.0.2.2")] == told
