"""Login at a real OpenID provider: who was invited comes in, and nothing that is not that very login's does."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest

from functions.gateway.app import create_app
from functions.gateway.auth.oidc import CALLBACK, GOOD_FOR, Oidc, OidcRefused
from functions.gateway.auth.oidc_routes import COOKIE
from functions.gateway.auth.session_token import COOKIE as SESSION
from regulars.ids import new_id
from regulars.settings import CHECKOUT
from tests.conftest import require
from tests.integration.gateway.conftest import Chain, World, serving

PUBLIC = "http://127.0.0.1:9"
CLIENT, SECRET = "regulars", "a secret of these tests"
SOURCE = Path(__file__).parent / "oidc_provider"


@dataclass(frozen=True)
class Provider:
    """The provider that runs, and whom it will say somebody is."""

    issuer: str

    def knows(self, email: str, *, verified: bool = True) -> None:
        account = {"sub": new_id().hex, "email": email, "email_verified": verified}
        httpx.put(f"{self.issuer}/account", json=account).raise_for_status()


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    npm, node = shutil.which("npm"), shutil.which("node")
    require(None if npm and node else "the OpenID provider of the tests needs Node")
    assert npm
    assert node
    place = CHECKOUT / ".regulars" / "test-oidc-provider"
    lock = (SOURCE / "package-lock.json").read_text()
    stamp = place / "installed.json"
    if not stamp.is_file() or stamp.read_text() != lock:
        place.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(SOURCE / name, place)
        subprocess.run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=place, check=True)
        stamp.write_text(lock)
    shutil.copy(SOURCE / "provider.mjs", place)
    command = [node, "provider.mjs", CLIENT, SECRET, PUBLIC + CALLBACK]
    with subprocess.Popen(command, cwd=place, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout
        yield Provider(process.stdout.readline().strip())
        process.terminate()


@dataclass
class Portal:
    """A gateway that knows the provider, and a browser that walks to it and back."""

    world: World
    url: str
    oidc: Oidc
    provider: Provider

    def browser(self) -> httpx.Client:
        client = httpx.Client(base_url=self.url)
        self.world.clients.append(client)
        return client

    def at_the_provider(self, browser: httpx.Client) -> dict[str, str]:
        """Begin a login and walk through the provider; return what it sends back with the browser."""
        begun = browser.get("/v1/auth/oidc")
        assert begun.status_code == 303
        with httpx.Client() as there:
            answer = there.get(begun.headers["location"])
            while PUBLIC not in answer.headers.get("location", ""):
                assert answer.is_redirect, answer.text
                answer = there.get(str(answer.url.join(answer.headers["location"])))
        return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["location"]).query).items()}

    def back(self, browser: httpx.Client, told: dict[str, str]) -> str:
        """Come back with what the provider told; return where the gateway sends the browser."""
        answer = browser.get(f"{CALLBACK}?{urlencode(told)}")
        assert answer.status_code == 303, answer.text
        return answer.headers["location"].removeprefix(PUBLIC)


@pytest.fixture
def portal(world: World, provider: Provider) -> Iterator[Portal]:
    settings = world.settings.model_copy(
        update={
            "oidc_issuer": provider.issuer,
            "oidc_client_id": CLIENT,
            "oidc_client_secret": SECRET,
            "public_url": PUBLIC,
        }
    )
    app = create_app(settings, clock=world.clock)
    with serving(app) as url:
        yield Portal(world, url, app.state.parts.oidc, provider)


def refused(reason: str) -> str:
    return f"/?login_refused={reason}"


def test_who_was_invited_comes_in_by_a_verified_e_mail(portal: Portal, chain: Chain) -> None:
    portal.provider.knows(chain.emails["manager"].upper())
    browser = portal.browser()
    assert browser.get("/v1/auth/ways").json() == {"password": True, "oidc": True}
    assert portal.back(browser, portal.at_the_provider(browser)) == "/"
    assert browser.get("/v1/auth/me").json()["email"] == chain.emails["manager"]
    assert browser.get("/v1/auth/sessions").json()["items"][0]["via"] == "oidc"
    assert browser.post("/v1/auth/refresh").status_code == 200
    assert COOKIE not in browser.cookies


def test_nobody_signs_up_by_themselves(portal: Portal) -> None:
    portal.provider.knows(f"{new_id().hex}@example.com")
    browser = portal.browser()
    assert portal.back(browser, portal.at_the_provider(browser)) == refused("no_account")
    assert SESSION not in browser.cookies


def test_an_e_mail_that_the_provider_has_not_verified_is_nobodys(portal: Portal, chain: Chain) -> None:
    portal.provider.knows(chain.emails["owner"], verified=False)
    browser = portal.browser()
    assert portal.back(browser, portal.at_the_provider(browser)) == refused("email_unverified")
    assert SESSION not in browser.cookies


def test_an_answer_is_taken_in_the_browser_that_asked_and_once(portal: Portal, chain: Chain) -> None:
    portal.provider.knows(chain.emails["owner"])
    browser, other = portal.browser(), portal.browser()
    told = portal.at_the_provider(browser)
    assert portal.back(other, told) == refused("not_begun_here")
    other.get("/v1/auth/oidc")
    assert portal.back(other, told) == refused("not_begun_here")
    assert portal.back(other, told | {"state": "é"}) == refused("not_begun_here")
    kept = browser.cookies[COOKIE]
    assert portal.back(browser, told) == "/"
    again = portal.browser()
    again.cookies.set(COOKIE, kept, path="/v1/auth/oidc")
    assert portal.back(again, told) == refused("provider_refused"), "the code was used up"


def test_a_login_on_its_way_runs_out(portal: Portal, chain: Chain) -> None:
    portal.provider.knows(chain.emails["owner"])
    browser = portal.browser()
    told = portal.at_the_provider(browser)
    portal.world.clock.pass_by(GOOD_FOR.total_seconds())
    assert portal.back(browser, told) == refused("not_begun_here")


@pytest.mark.parametrize(("changed", "reason"), [("nonce", "bad_token"), ("verifier", "provider_refused")])
def test_a_token_of_another_login_is_refused(portal: Portal, chain: Chain, changed: str, reason: str) -> None:
    portal.provider.knows(chain.emails["owner"])
    browser = portal.browser()
    told = portal.at_the_provider(browser)
    sealing = portal.world.parts.sealing
    begun: dict[str, Any] = json.loads(sealing.unseal(browser.cookies[COOKIE].encode()).get_secret_value())
    begun[changed] = "x" * 50
    browser.cookies.clear()
    browser.cookies.set(COOKIE, sealing.seal(json.dumps(begun)).decode(), path="/v1/auth/oidc")
    assert portal.back(browser, told) == refused(reason)


def test_a_token_for_another_client_of_another_issuer_or_run_out_is_refused(portal: Portal, chain: Chain) -> None:
    """A real token of the provider, judged by one who expects another: only what differs makes it refused."""
    portal.provider.knows(chain.emails["owner"])
    browser, now = portal.browser(), portal.world.clock()
    told = portal.at_the_provider(browser)
    begun = portal.oidc._opened(browser.cookies[COOKIE])  # pyright: ignore[reportPrivateUsage]
    tokens = portal.oidc._exchanged(told["code"], begun.verifier)  # pyright: ignore[reportPrivateUsage]
    token = str(tokens["id_token"])
    assert portal.oidc.check_id_token(token, begun.nonce, now)["aud"] == CLIENT
    head, body, signature = token.split(".")
    for forged in (f"{head}.{body[:-4]}AAAA.{signature}", f"{head}.{body}.", "", "x.y.z"):
        with pytest.raises(OidcRefused):
            portal.oidc.check_id_token(forged, begun.nonce, now)
    for nonce, at in (("another", now), (begun.nonce, now + timedelta(hours=2))):
        with pytest.raises(OidcRefused):
            portal.oidc.check_id_token(token, nonce, at)
    for name in ("_client_id", "_issuer"):
        real = getattr(portal.oidc, name)
        setattr(portal.oidc, name, "another")
        with pytest.raises(OidcRefused):
            portal.oidc.check_id_token(token, begun.nonce, now)
        setattr(portal.oidc, name, real)


def test_without_a_provider_nobody_is_sent_anywhere(world: World) -> None:
    client = world.client()
    assert client.get("/v1/auth/ways").json() == {"password": True, "oidc": False}
    assert client.get("/v1/auth/oidc").status_code == 404
    assert client.get(CALLBACK).status_code == 404
