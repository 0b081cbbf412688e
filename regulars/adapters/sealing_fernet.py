"""Camera URLs at rest: sealed on their way into PostgreSQL, opened only for the worker that leases the camera."""

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from pydantic import SecretStr

from regulars.errors import ConfigurationRefused


class FernetSealing:
    """Seals with the first key and opens with any, so that keys rotate: put the new one in front, then `reseal`."""

    def __init__(self, keys: str) -> None:
        """Take Fernet keys (32 url-safe base64 bytes each), newest first, separated by commas."""
        try:
            self._fernet = MultiFernet([Fernet(key.strip()) for key in keys.split(",")])
        except ValueError as failure:
            raise ConfigurationRefused(
                "REGULARS_SEALING_KEYS must be Fernet keys (32 url-safe base64 bytes), newest first, by comma."
            ) from failure

    def seal(self, secret: str) -> bytes:
        """Return `secret` encrypted with the newest key."""
        return self._fernet.encrypt(secret.encode())

    def unseal(self, sealed: bytes) -> SecretStr:
        """Return what was sealed; raise ConfigurationRefused when none of the keys opens it."""
        try:
            return SecretStr(self._fernet.decrypt(sealed).decode())
        except InvalidToken as failure:
            raise ConfigurationRefused(
                "A camera URL was sealed with a key that REGULARS_SEALING_KEYS no longer names: add it, or enter the"
                " URL again."
            ) from failure

    def reseal(self, sealed: bytes) -> bytes:
        """Return the same secret sealed with the newest key; raise ConfigurationRefused when no key opens it."""
        return self.seal(self.unseal(sealed).get_secret_value())
