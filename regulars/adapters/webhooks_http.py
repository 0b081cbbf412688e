"""Where webhooks leave the house: one signed POST to an address that its host's name was checked for, and no further.

The name is resolved once and the connection goes to the very address that was looked at, so that a name cannot point
inside between the check and the use. Redirects are not followed, no proxy of the environment is asked.
"""

import socket
import ssl
import time
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

import httpcore

from regulars.domain.addresses import is_public
from regulars.domain.webhooks import Answered
from regulars.errors import InputRefused

WITHIN_S = 10.0
"""All of it: connecting, TLS, sending, and reading what is kept of the answer."""
EXCERPT_BYTES = 1000


class HttpWebhooks:
    """Sends to addresses on the public internet over TLS; `inside_too` also over plain HTTP and to any address."""

    def __init__(self, *, inside_too: bool, within_s: float = WITHIN_S) -> None:
        self._inside_too = inside_too
        self._within_s = within_s

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return httpcore.default_ssl_context()

    def refuse_url(self, url: str) -> None:
        """Raise InputRefused `webhook_url` for an address that nothing would ever be sent to; no name is resolved."""
        try:
            parts = urlsplit(url)
            host, _ = parts.hostname, parts.port
        except ValueError as failure:
            raise InputRefused("webhook_url", "This is no URL; nothing was changed.") from failure
        if parts.scheme not in (("http", "https") if self._inside_too else ("https",)) or not host:
            raise InputRefused("webhook_url", "A webhook's URL reads https://host/path; nothing was changed.")
        if "@" in parts.netloc or parts.fragment or not url.isascii() or any(one <= " " for one in url):
            why = "A webhook's URL has no login, no fragment, no blanks and ASCII letters only; nothing was changed."
            raise InputRefused("webhook_url", why)
        if not self._inside_too and not _may_be_public(host):
            raise InputRefused("webhook_url", "This address is not on the public internet; nothing was changed.")

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answered:
        """Send one message; what goes wrong is told in the answer's `failure`, never raised. Takes 10 s at most."""
        begun_s = time.monotonic()
        status, failure, excerpt = None, None, b""
        try:
            self.refuse_url(url)
            status, excerpt = self._post(url, body, headers, begun_s + self._within_s)
        except (InputRefused, _AddressRefused):
            failure = "address_refused"
        except httpcore.TimeoutException:
            failure = "timeout"
        except _NotTrusted:
            failure = "tls"
        except httpcore.ConnectError:
            failure = "unreachable"
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError):
            failure = "connection_broken"
        took_ms = round((time.monotonic() - begun_s) * 1000)
        return Answered(status, took_ms, failure, _shown(excerpt))

    def _post(self, url: str, body: bytes, headers: Mapping[str, str], until_s: float) -> tuple[int, bytes]:
        backend = _Guarded(until_s, inside_too=self._inside_too)
        timeouts = dict.fromkeys(("connect", "read", "write", "pool"), self._within_s)
        with (
            httpcore.ConnectionPool(ssl_context=self._tls, network_backend=backend) as pool,
            pool.stream(
                "POST", url, headers=list(headers.items()), content=body, extensions={"timeout": timeouts}
            ) as answer,
        ):
            excerpt = b""
            for part in answer.iter_stream():
                excerpt += part
                if len(excerpt) >= EXCERPT_BYTES:
                    break
            return answer.status, excerpt[:EXCERPT_BYTES]


class _AddressRefused(Exception):
    """The name stands for an address inside."""


class _NotTrusted(Exception):
    """No TLS, or a certificate that is not of this name."""


class _Guarded(httpcore.NetworkBackend):
    """Resolves, looks at every address and connects to one of those; nothing takes longer than until `until_s`."""

    def __init__(self, until_s: float, *, inside_too: bool) -> None:
        self._until_s = until_s
        self._inside_too = inside_too
        self._backend = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address of `host` that takes it; none is tried when one of them is inside."""
        refused: Exception = httpcore.ConnectError("no address")
        for address in self._addresses(host, port):
            try:
                stream = self._backend.connect_tcp(address, port, self._left_s(timeout), local_address, socket_options)
                return _Bounded(stream, self._left_s)
            except httpcore.ConnectError as failure:
                refused = failure
        raise refused

    def _addresses(self, host: str, port: int) -> list[str]:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as failure:
            raise httpcore.ConnectError("the name is not known") from failure
        addresses = list(dict.fromkeys(str(one[4][0]) for one in found))
        if not self._inside_too and not all(map(is_public, addresses)):
            raise _AddressRefused
        return addresses

    def _left_s(self, timeout: float | None) -> float:
        left_s = self._until_s - time.monotonic()
        if left_s <= 0:
            raise httpcore.ReadTimeout
        return min(left_s, timeout) if timeout is not None else left_s


class _Bounded(httpcore.NetworkStream):
    """A connection whose every wait ends with the whole message's time: an answer of one byte a second is cut off."""

    def __init__(self, stream: httpcore.NetworkStream, left_s: Callable[[float | None], float]) -> None:
        self._stream = stream
        self._left_s = left_s

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read what has come."""
        return self._stream.read(max_bytes, self._left_s(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write all."""
        self._stream.write(buffer, self._left_s(timeout))

    def close(self) -> None:
        """Close."""
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """Go on under TLS; the certificate is checked for the name, not the address."""
        try:
            stream = self._stream.start_tls(ssl_context, server_hostname, self._left_s(timeout))
        except httpcore.ConnectError as failure:
            raise _NotTrusted from failure
        return _Bounded(stream, self._left_s)

    def get_extra_info(self, info: str) -> Any:
        """Tell what the connection below tells."""
        return self._stream.get_extra_info(info)


def _may_be_public(host: str) -> bool:
    try:
        return is_public(host)
    except ValueError:
        return "." in host.rstrip(".") and not host.rstrip(".").lower().endswith((".localhost", ".local", ".internal"))


def _shown(excerpt: bytes) -> str:
    text = excerpt.decode("utf-8", "replace")
    return "".join(one if one.isprintable() else " " for one in text).strip()
