"""A data key of its own for every look: what it encrypts is gone wherever it was copied to, once the key is destroyed.

Data keys lie in a table of their own, which backups leave out, wrapped by the deployment's keys, which rotate.
"""

import hashlib
import os
from base64 import urlsafe_b64decode
from binascii import Error as NotBase64

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection

from regulars.errors import ConfigurationRefused

_KEY_BYTES, _NONCE_BYTES, _NAME_BYTES = 32, 12, 4


class KeyDestroyed(ConfigurationRefused):
    """What was sealed is not opened by the data key that is there now: its own was destroyed."""


class DataKeys:
    """Makes data keys and works with them; AES-256-GCM throughout (NIST SP 800-38D), a random nonce for each message.

    A wrapped key is 4 bytes that name the deployment's key, a nonce, and the ciphertext.
    """

    def __init__(self, sealing_keys: str) -> None:
        """Take the deployment's keys (32 url-safe base64 bytes each), newest first, separated by commas."""
        try:
            secrets = [urlsafe_b64decode(key.strip()) for key in sealing_keys.split(",")]
        except (NotBase64, ValueError) as failure:
            raise _no_keys() from failure
        if any(len(secret) != _KEY_BYTES for secret in secrets):
            raise _no_keys()
        derived = [hashlib.sha256(b"regulars data keys\0" + secret).digest() for secret in secrets]
        self._wrapping = {hashlib.sha256(key).digest()[:_NAME_BYTES]: AESGCM(key) for key in derived}
        self._newest = next(iter(self._wrapping))

    def make(self) -> bytes:
        """Return a new data key, wrapped by the newest key."""
        return self._wrap(AESGCM.generate_key(8 * _KEY_BYTES))

    def seal(self, wrapped: bytes, content: bytes, whose: bytes) -> bytes:
        """Return the content encrypted with a data key, bound to the id of the row that holds it."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + AESGCM(self._unwrap(wrapped)).encrypt(nonce, content, whose)

    def open(self, wrapped: bytes, sealed: bytes, whose: bytes) -> bytes:
        """Return the content. Raises KeyDestroyed, or ConfigurationRefused when no key at hand unwraps the data key."""
        data_key = AESGCM(self._unwrap(wrapped))
        try:
            return data_key.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], whose)
        except InvalidTag as failure:
            raise KeyDestroyed("This was sealed with a data key that was destroyed.") from failure

    def is_newest(self, wrapped: bytes) -> bool:
        """Say whether a data key is wrapped by the newest key."""
        return wrapped[:_NAME_BYTES] == self._newest

    def rewrap(self, wrapped: bytes) -> bytes:
        """Return the same data key wrapped by the newest key. Raises ConfigurationRefused when no key opens it."""
        return self._wrap(self._unwrap(wrapped))

    def _wrap(self, data_key: bytes) -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        return self._newest + nonce + self._wrapping[self._newest].encrypt(nonce, data_key, b"")

    def _unwrap(self, wrapped: bytes) -> bytes:
        wrapping = self._wrapping.get(wrapped[:_NAME_BYTES])
        begin = _NAME_BYTES + _NONCE_BYTES
        try:
            return _known(wrapping).decrypt(wrapped[_NAME_BYTES:begin], wrapped[begin:], b"")
        except InvalidTag as failure:
            raise _not_opened() from failure


def data_keys_of(connection: Connection) -> DataKeys:
    """Return what the connection's engine was given. Raises ConfigurationRefused when it was given none."""
    held: DataKeys | None = connection.get_execution_options().get("data_keys")
    if held is None:
        raise ConfigurationRefused("Faces cannot be read or kept without REGULARS_SEALING_KEYS; set it.")
    return held


def _known(wrapping: AESGCM | None) -> AESGCM:
    if wrapping is None:
        raise _not_opened()
    return wrapping


def _no_keys() -> ConfigurationRefused:
    return ConfigurationRefused(
        "REGULARS_SEALING_KEYS must be keys of 32 url-safe base64 bytes, newest first, by comma."
    )


def _not_opened() -> ConfigurationRefused:
    return ConfigurationRefused(
        "A data key was wrapped by a key that REGULARS_SEALING_KEYS no longer names: add it, it is needed until reseal"
        " has run."
    )
