"""An OpenID provider that answers other than OpenID Connect asks for is away or refuses: nothing of it is a defect."""

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from cryptography.fernet import Fernet

from functions.gateway.auth.oidc import Oidc, OidcRefused
from regulars.adapters.sealing_fernet import FernetSealing
from regulars.errors import DependencyAway
from regulars.settings import Settings

ISSUER = "https://login.example.com"
NAMED = {name: f"{ISSUER}/{name}" for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")}
NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)


def provider_that_tells(monkeypatch: pytest.MonkeyPatch, discovery: dict[str, Any], keys: dict[str, Any]) -> Oidc:
    def answer(_: httpx.Client, _method: str, url: str, **_sent: Any) -> httpx.Response:
        if httpx.URL(url).path.startswith("/.well-known"):
            return httpx.Response(200, json={"issuer": ISSUER} | discovery)
        return httpx.Response(200, json=keys)

    monkeypatch.setattr(httpx.Client, "request", answer)
    settings = Settings(oidc_issuer=ISSUER, oidc_client_id="us", oidc_client_secret="x", public_url="https://us")
    return Oidc(settings, FernetSealing(Fernet.generate_key().decode()))


@pytest.mark.parametrize("name", NAMED)
@pytest.mark.parametrize("instead", [None, 7])
def test_a_discovery_document_without_an_address_says_which(
    monkeypatch: pytest.MonkeyPatch, name: str, instead: object
) -> None:
    oidc = provider_that_tells(monkeypatch, NAMED | {name: instead}, {})
    with pytest.raises(DependencyAway, match=name):
        oidc.begin(NOW)


@pytest.mark.parametrize("keys", [{}, {"keys": 3}, {"keys": [{"kty": "none"}]}, {"keys": ["a"]}])
def test_keys_that_are_none_refuse_the_token(monkeypatch: pytest.MonkeyPatch, keys: dict[str, Any]) -> None:
    oidc = provider_that_tells(monkeypatch, NAMED, keys)
    with pytest.raises(OidcRefused, match="bad_token"):
        oidc.check_id_token("a.b.c", "nonce", NOW)
