"""Secrets at rest: camera URLs, webhook secrets, second factors; sealed on their way into PostgreSQL."""

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from pydantic import SecretStr

from regulars.errors import ConfigurationRefused


class FernetSealing:
    """Seals with the first key and opens with any, so that keys rotate: put the new one in front, then `reseal`."""

    def __init__(self, keys: str) -> None:
        """Take Fernet keys (32 url-safe base64 bytes each), newest first, separated by commas."""
        try:
            fernets = [Fernet(key.strip()) for key in keys.split(",")]
        except ValueError as failure:
            raise ConfigurationRefused(
                "REGULARS_SEALING_KEYS must be Fernet keys (32 url-safe base64 bytes), newest first, by comma."
            ) from failure
        self._newest, self._fernet = fernets[0], MultiFernet(fernets)

    def seal(self, secret: str) -> bytes:
        """Return `secret` encrypted with the newest key."""
        return self._fernet.encrypt(secret.encode())

    def unseal(self, sealed: bytes) -> SecretStr:
        """Return what was sealed; raise ConfigurationRefused when none of the keys opens it."""
        try:
            return SecretStr(self._fernet.decrypt(sealed).decode())
        except InvalidToken as failure:
            raise ConfigurationRefused(
                "A secret was sealed with a key that REGULARS_SEALING_KEYS no longer names: add it, or enter the"
                " secret again."
            ) from failure

    def is_newest(self, sealed: bytes) -> bool:
        """Say whether this is sealed with the newest key."""
        try:
            self._newest.decrypt(sealed)
        except InvalidToken:
            return False
        return True

    def reseal(self, sealed: bytes) -> bytes:
        """Return the same secret sealed with the newest key; raise ConfigurationRefused when no key opens it."""
        return self.seal(self.unseal(sealed).get_secret_value())
