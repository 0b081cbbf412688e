"""Mail by SMTP: one message at a time, with links from the gateway and with reports from flows."""

import smtplib
import ssl
from collections.abc import Sequence
from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import unquote, urlsplit

from regulars.errors import ConfigurationRefused, DependencyAway

_WAIT_S = 15.0
_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


class SmtpMail:
    """Sends through one server: `smtps://user:password@host` (TLS), `smtp+starttls://…`, or plain `smtp://host:port`.

    The server's certificate is checked against this machine's authorities. Threads may share it: every message has a
    connection of its own.
    """

    def __init__(self, url: str, sender: str) -> None:
        """Take the server's URL and the address that mail comes from; raises ConfigurationRefused."""
        parts = urlsplit(url)
        if parts.scheme not in _PORTS or not parts.hostname or not sender:
            raise ConfigurationRefused(
                "REGULARS_SMTP_URL must read smtps://, smtp+starttls:// or smtp:// with a host, and REGULARS_MAIL_FROM"
                " must be an address."
            )
        self._scheme, self._host, self._sender = parts.scheme, parts.hostname, sender
        self._port = parts.port or _PORTS[parts.scheme]
        self._login = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None

    def send(self, to: str, subject: str, text: str, files: Sequence[tuple[str, str, bytes]] = ()) -> None:
        """Send one message with `files` (name, media type, content) attached.

        Raises DependencyAway when the server is away or does not take it.
        """
        message = EmailMessage(SMTP)
        message["From"], message["To"], message["Subject"] = self._sender, to, subject
        message.set_content(text)
        for name, media_type, content in files:
            kind, _, subtype = media_type.partition("/")
            message.add_attachment(content, maintype=kind, subtype=subtype, filename=name)
        try:
            with self._connected() as server:
                server.send_message(message)
        except (OSError, smtplib.SMTPException) as failure:
            raise DependencyAway("The mail server does not take the message now; send it again later.") from failure

    def _connected(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self._scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(self._host, self._port, timeout=_WAIT_S, context=context)
        else:
            server = smtplib.SMTP(self._host, self._port, timeout=_WAIT_S)
        if self._scheme == "smtp+starttls":
            server.starttls(context=context)
        if self._login:
            server.login(*self._login)
        return server
