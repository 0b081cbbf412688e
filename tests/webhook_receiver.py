"""A real HTTP or HTTPS receiver of webhooks: keeps what came, answers as it is told, may take its time."""

import ssl
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.waiting import PATIENCE_S


@dataclass(frozen=True)
class Received:
    """One request; headers with small letters."""

    path: str
    headers: dict[str, str]
    body: bytes


class WebhookReceiver:
    """Answers with the next of `answers` (status, or a whole response as bytes), when none is left with 204."""

    def __init__(self, certificate: Path | None = None) -> None:
        self.received: list[Received] = []
        self.answers: list[int | bytes] = []
        self.hold = threading.Event()
        self.hold.set()
        self._came = threading.Condition()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(self))
        self._server.daemon_threads = True
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.port: int = self._server.server_address[1]
        self.url = f"{'https' if certificate else 'http'}://localhost:{self.port}/hook"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.hold.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def wait_for(self, count: int) -> list[Received]:
        """Return what came once there are so many requests."""
        with self._came:
            assert self._came.wait_for(lambda: len(self.received) >= count, PATIENCE_S), f"{len(self.received)} came"
            return list(self.received)

    def take(self, received: Received) -> int | bytes:
        """Keep a request; return its answer, once the test lets it go."""
        with self._came:
            self.received.append(received)
            answer = self.answers.pop(0) if self.answers else 204
            self._came.notify_all()
        self.hold.wait(PATIENCE_S)
        return answer


def _handler_of(receiver: WebhookReceiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            answer = receiver.take(Received(self.path, headers, body))
            if isinstance(answer, bytes):
                self.wfile.write(answer)
                return
            told = b"" if answer == 204 else b"no <b>\x1b[2Jthanks"
            self.send_response(answer)
            self.send_header("Content-Length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            return

    return Handler


def write_certificate(file: Path) -> Path:
    """Write a self-signed certificate for localhost with its key, for the day; return the file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    names = x509.SubjectAlternativeName([x509.DNSName("localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    return file
