"""ETag and If-Match: that nobody overwrites what somebody else has changed meanwhile; used by every single resource.

A route that shows a resource takes `tag: Tag` and calls `tag.put(state)`. A route that changes or deletes it takes
`tag: IfMatch` and calls `tag.expect(state)` inside the transaction, after the row was read with its lock.
"""

import hashlib
from typing import Annotated

from fastapi import Depends, Header, Response
from pydantic_core import to_json

from regulars.errors import RegularsError

_TAG_BYTES = 15
MAX_TAGS_LENGTH = 1000


class ChangedMeanwhile(RegularsError):
    """The resource is not any more what the caller has read."""

    code = "changed_meanwhile"
    http_status = 412

    def __init__(self) -> None:
        super().__init__("Somebody has changed this meanwhile; nothing was changed now. Read it again and decide anew.")


def tag_of(*state: object) -> str:
    """Return the tag of what a person can change about a resource: dataclasses, models or plain values, no sets.

    What changes by itself (a camera's counters) does not belong into it, nor does a secret that is not sealed.
    """
    content = to_json(state, bytes_mode="base64")
    return f'"{hashlib.blake2b(content, digest_size=_TAG_BYTES).hexdigest()}"'


class TagWriter:
    """Puts the tag on the answer of a route that returns a model."""

    def __init__(self, response: Response) -> None:
        self._response = response

    def put(self, *state: object) -> None:
        """Tell the caller the tag of this state."""
        self._response.headers["ETag"] = tag_of(*state)


class TagExpectation(TagWriter):
    """What the caller believes to change; without `If-Match` anything is right."""

    def __init__(self, response: Response, wanted: str | None) -> None:
        super().__init__(response)
        # A proxy that compresses makes a strong tag weak; to us both say the same.
        self._wanted = {tag.strip().removeprefix("W/") for tag in wanted.split(",")} if wanted is not None else {"*"}

    def expect(self, *state: object) -> None:
        """Raise ChangedMeanwhile when the state, whose row this transaction has locked, is another than was read."""
        if "*" not in self._wanted and tag_of(*state) not in self._wanted:
            raise ChangedMeanwhile


async def _expected(
    response: Response,
    if_match: Annotated[
        str | None, Header(max_length=MAX_TAGS_LENGTH, description="The ETag that was read; another one now is a 412.")
    ] = None,
) -> TagExpectation:
    return TagExpectation(response, if_match)


async def _writer(response: Response) -> TagWriter:
    return TagWriter(response)


Tag = Annotated[TagWriter, Depends(_writer)]
IfMatch = Annotated[TagExpectation, Depends(_expected)]
