"""Login at an OpenID Connect provider (authorization code with PKCE and nonce): asked by its routes.

What belongs to one login on its way lies in a sealed cookie of the browser that began it, so nothing is stored here and
every replica can end it.
"""

import json
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, Literal, cast

import httpx
from authlib.oauth2.rfc6749 import parameters
from authlib.oauth2.rfc7636 import challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from regulars.adapters.sealing_fernet import FernetSealing
from regulars.errors import ConfigurationRefused, DependencyAway, RegularsError
from regulars.settings import Settings

CALLBACK = "/v1/auth/oidc/callback"
GOOD_FOR = timedelta(minutes=10)
_CLOCKS_DIFFER_S = 60
_WAIT_S = 10.0
_NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]
# Authlib says nothing of its types.
_parameters: Any = parameters
_challenge: Any = challenge
_IdToken: Any = CodeIDToken
Reason = Literal["not_begun_here", "provider_refused", "bad_token", "email_unverified", "no_account"]


class OidcRefused(RegularsError):
    """The provider's answer does not log anybody in; `reason` says why."""

    code = "oidc_refused"
    http_status = 401

    def __init__(self, reason: Reason) -> None:
        super().__init__(f"The provider's answer does not log anybody in here ({reason}).")
        self.reason: Reason = reason


@dataclass(frozen=True, slots=True)
class Begun:
    """A login on its way: what the provider's answer must match, until when (UTC, seconds since 1970)."""

    state: str
    nonce: str
    verifier: str
    until_s: float


class Oidc:
    """One provider, found by its issuer's discovery document; threads may share it."""

    def __init__(self, settings: Settings, sealing: FernetSealing) -> None:
        """Take the settings; raises ConfigurationRefused without a client or an address to come back to."""
        if not (settings.oidc_client_id and settings.oidc_client_secret and settings.public_url):
            raise ConfigurationRefused(
                "REGULARS_OIDC_ISSUER needs REGULARS_OIDC_CLIENT_ID, REGULARS_OIDC_CLIENT_SECRET and"
                " REGULARS_PUBLIC_URL."
            )
        self._issuer = settings.oidc_issuer
        self._client_id, self._client_secret = settings.oidc_client_id, settings.oidc_client_secret
        self._redirect_uri = settings.public_url.rstrip("/") + CALLBACK
        self._sealing = sealing
        self._http = httpx.Client(timeout=_WAIT_S, follow_redirects=False)
        self._lock = Lock()
        self._provider: dict[str, Any] | None = None

    def close(self) -> None:
        """Give the connections back."""
        self._http.close()

    def begin(self, now: datetime) -> tuple[str, str]:
        """Return where to send the browser, and the cookie to give it. Raises DependencyAway."""
        until_s = (now + GOOD_FOR).timestamp()
        begun = Begun(secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48), until_s)
        url: str = _parameters.prepare_grant_uri(
            self._discovered()["authorization_endpoint"],
            client_id=self._client_id,
            response_type="code",
            redirect_uri=self._redirect_uri,
            scope="openid email",
            state=begun.state,
            nonce=begun.nonce,
            code_challenge=_challenge.create_s256_code_challenge(begun.verifier),
            code_challenge_method="S256",
        )
        return url, self._sealing.seal(json.dumps(asdict(begun))).decode()

    def finish(self, cookie: str, state: str, code: str, now: datetime) -> str:
        """Return the verified e-mail of who has logged in there. Raises OidcRefused, DependencyAway."""
        begun = self._opened(cookie)
        if begun.until_s <= now.timestamp() or not secrets.compare_digest(begun.state.encode(), state.encode()):
            raise OidcRefused("not_begun_here")
        tokens = self._exchanged(code, begun.verifier)
        claims = self.check_id_token(str(tokens.get("id_token", "")), begun.nonce, now)
        if "email" not in claims and "userinfo_endpoint" in self._discovered():
            claims |= self._told_of(str(tokens.get("access_token", "")), claims["sub"])
        if claims.get("email_verified") is not True or not claims.get("email"):
            raise OidcRefused("email_unverified")
        return str(claims["email"])

    def check_id_token(self, token: str, nonce: str, now: datetime) -> dict[str, Any]:
        """Return the claims of an ID token of this provider for this client and login; raises OidcRefused."""
        options = {
            "iss": {"essential": True, "value": self._issuer},
            "aud": {"essential": True, "value": self._client_id},
        }
        try:
            decoded = jwt.decode(token, KeySet.import_key_set(self._keys()), algorithms=_ALGORITHMS)
            claims = _IdToken(decoded.claims, decoded.header, options, {"nonce": nonce, "client_id": self._client_id})
            claims.validate(now=int(now.timestamp()), leeway=_CLOCKS_DIFFER_S)
        except (JoseError, ValueError, KeyError, TypeError) as failure:  # the last two: what gives the keys has none
            raise OidcRefused("bad_token") from failure
        return dict(decoded.claims)

    def _opened(self, cookie: str) -> Begun:
        try:
            return Begun(**json.loads(self._sealing.unseal(cookie.encode()).get_secret_value()))
        except ConfigurationRefused as failure:  # not sealed by us
            raise OidcRefused("not_begun_here") from failure

    def _exchanged(self, code: str, verifier: str) -> dict[str, Any]:
        asked = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._redirect_uri,
            "code_verifier": verifier,
        }
        known = httpx.BasicAuth(self._client_id, self._client_secret)
        return self._ask("POST", self._discovered()["token_endpoint"], data=asked, auth=known)

    def _told_of(self, access_token: str, sub: str) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {access_token}"}
        told = self._ask("GET", self._discovered()["userinfo_endpoint"], headers=headers)
        if told.get("sub") != sub:
            raise OidcRefused("bad_token")
        return told

    def _keys(self) -> Any:
        return self._ask("GET", self._discovered()["jwks_uri"])

    def _discovered(self) -> dict[str, Any]:
        with self._lock:
            if self._provider is None:
                found = self._ask("GET", f"{self._issuer.rstrip('/')}/.well-known/openid-configuration")
                if found.get("issuer") != self._issuer:
                    raise DependencyAway("The OpenID provider calls itself something else than REGULARS_OIDC_ISSUER.")
                if lacking := [name for name in _NEEDED if not isinstance(found.get(name), str)]:
                    raise DependencyAway(f"The OpenID provider's discovery document lacks {', '.join(lacking)}.")
                self._provider = found
            return self._provider

    def _ask(self, method: str, url: str, **sent: Any) -> dict[str, Any]:
        try:
            answer = self._http.request(method, url, **sent)
            told: Any = answer.json()
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as failure:
            raise DependencyAway("The OpenID provider does not answer now; log in again later.") from failure
        if answer.is_server_error:
            raise DependencyAway("The OpenID provider does not answer now; log in again later.")
        if answer.is_error or not isinstance(told, dict):
            raise OidcRefused("provider_refused")
        return cast("dict[str, Any]", told)
