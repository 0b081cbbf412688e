"""Text that people type, as every noun accepts it."""

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr, StringConstraints
from pydantic_core import PydanticCustomError


def _printable(text: str) -> str:
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in text):
        raise PydanticCustomError("control_characters", "no control characters")
    return unicodedata.normalize("NFC", text)


def _whole(secret: SecretStr) -> SecretStr:
    try:
        secret.get_secret_value().encode()
    except UnicodeEncodeError as failure:
        raise PydanticCustomError("string_unicode", "no half of a letter") from failure
    return secret


Secret = Annotated[SecretStr, AfterValidator(_whole)]
"""What is never repeated. Of any text pydantic itself refuses what JSON spells and UTF-8 cannot, but not of these."""
Printable = AfterValidator(_printable)
PlainName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120), Printable]
PlainLine = Annotated[str, Field(min_length=1, max_length=1000), Printable]
