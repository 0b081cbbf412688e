"""Coverage-guided fuzzing of the parsers of events and manifests: atheris, in an environment of its own.

`pip install atheris==3.0.0 numpy pydantic uuid-utils opencv-python-headless`, then
`python -m tests.torture.bad_input.fuzzing events|manifests -max_total_time=60` (libFuzzer's own options); it stops with
the input at the first thing raised that is no refusal, and prints the coverage that it reached (`cov:`).
"""

import sys
from datetime import UTC, datetime
from typing import Any

import atheris  # pyright: ignore[reportMissingModuleSource]

fuzz: Any = atheris
with fuzz.instrument_imports(include=["regulars"]):
    from regulars.domain.tracks import TrackManifest, manifest_prefix
    from regulars.errors import InputRefused
    from regulars.events import parse_events
    from regulars.steps.read_track import read_manifest
    from tests.torture.bad_input.tally import told


NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


class OneObject:
    """An object store that has one object under every key."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def get(self, key: str, max_bytes: int) -> bytes:
        """Return it."""
        return self._content[:max_bytes]


def events(content: bytes) -> None:
    """Parse a body."""
    headers = ({}, {"content-type": "application/cloudevents-batch+json"})[len(content) % 2]
    try:
        parse_events(content, headers)
    except InputRefused as refused:
        told(refused)


def manifests(content: bytes) -> None:
    """Read a manifest under the key that it says itself, where it says one."""
    try:
        key = f"{manifest_prefix(TrackManifest.model_validate_json(content))}track.json"
    except (ValueError, OverflowError):
        key = "tracks/x/track.json"
    try:
        read_manifest(key, objects=OneObject(content), now=NOW)  # pyright: ignore[reportArgumentType]
    except InputRefused as refused:
        told(refused)


if __name__ == "__main__":
    chosen = {"events": events, "manifests": manifests}[sys.argv.pop(1)]
    fuzz.Setup(sys.argv, chosen)
    fuzz.Fuzz()
