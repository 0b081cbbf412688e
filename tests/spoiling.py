"""Spoils what is good: values of a JSON document, and bytes of a file, by dice that are thrown alike each time."""

import copy
import json
import random
import struct
from typing import Any

STRANGE: tuple[Any, ...] = (
    None,
    True,
    -1,
    0,
    2**63,
    10**400,
    -(10**9),
    1e308,
    0.1,
    "",
    "NaN",
    "\x00",
    "\ud800",
    "\u202eevil",
    "a" * 2000,
    "../../etc/passwd",
    "'; drop table visits; --",
    [],
    {},
    [[[[]]]],
    {"$ref": "#"},
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "2026-03-02T12:00:00.999999999Z",
    "2016-12-31T23:59:60Z",
    "1970-01-01",
    1772452800,
)


def places(told: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the path of every value in a JSON document."""
    inner: list[Any] = []
    if isinstance(told, dict):
        inner = list(told.items())  # pyright: ignore[reportUnknownArgumentType]
    elif isinstance(told, list):
        inner = list(enumerate(told))  # pyright: ignore[reportUnknownArgumentType]
    return [path, *(found for name, value in inner for found in places(value, (*path, name)))]


def spoil(told: Any, dice: random.Random) -> None:
    """Change one value, name or list of the document."""
    there = [place for place in places(told) if place]
    if not there:
        return
    path = dice.choice(there)
    holder = told
    for name in path[:-1]:
        holder = holder[name]
    deed = dice.randrange(4)
    if deed == 0:
        del holder[path[-1]]
    elif deed == 1 and isinstance(holder, dict):
        holder[dice.choice(["\x00", "vector", "__class__", "\ud800"])] = copy.deepcopy(dice.choice(STRANGE))
    else:
        holder[path[-1]] = copy.deepcopy(dice.choice(STRANGE))


def spoiled_json(content: str | bytes, dice: random.Random) -> bytes:
    """Return the document with one to three things wrong, and now and then with bytes flipped."""
    told = json.loads(content)
    for _ in range(dice.randint(1, 3)):
        spoil(told, dice)
    written = json.dumps(told).encode("utf-8", "surrogatepass")
    if dice.random() < 0.1:
        written = bytes(byte ^ (dice.random() < 0.01) * dice.randrange(256) for byte in written)
    return written


def spoiled_file(content: bytes, dice: random.Random) -> bytes:
    """Return a file with one to four things wrong: bytes flipped, cut out, doubled, put in, or a length that lies."""
    broken = bytearray(content)
    for _ in range(dice.randint(1, 4)):
        at, size = dice.randrange(len(broken) + 1), dice.choice((1, 2, 8, 64, 4096))
        deed = dice.randrange(6)
        if deed == 0:
            broken[at : at + 1] = bytes([dice.randrange(256)])
        elif deed == 1:
            del broken[at : at + size]
        elif deed == 2:
            broken[at:at] = broken[at : at + size]
        elif deed == 3:
            broken[at:at] = dice.randbytes(size)
        elif deed == 4:
            broken[at : at + 4] = struct.pack(">I", dice.choice((0, 1, 0xFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF)))
        else:
            del broken[at:]
    return bytes(broken)
