"""Text that people type, as every noun accepts it."""

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError


def _printable(text: str) -> str:
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in text):
        raise PydanticCustomError("control_characters", "no control characters")
    return unicodedata.normalize("NFC", text)


Printable = AfterValidator(_printable)
PlainName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120), Printable]
PlainLine = Annotated[str, Field(min_length=1, max_length=1000), Printable]
