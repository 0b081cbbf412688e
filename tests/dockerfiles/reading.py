"""Reads a Dockerfile into stages of instructions: as much of the language as ours use, and a refusal of the rest."""

import json
import re
import shlex
from dataclasses import dataclass, field, replace
from pathlib import Path

KNOWN = frozenset(
    {
        "ARG",
        "CMD",
        "COPY",
        "ENTRYPOINT",
        "ENV",
        "EXPOSE",
        "FROM",
        "HEALTHCHECK",
        "LABEL",
        "RUN",
        "STOPSIGNAL",
        "USER",
        "VOLUME",
        "WORKDIR",
    }
)
_VARIABLE = re.compile(r"\$\{(\w+)\}")


@dataclass(frozen=True)
class Instruction:
    """One instruction: its options (`--from=…`), and the rest of its words as written."""

    word: str
    options: tuple[tuple[str, str], ...]
    rest: str

    def option(self, name: str) -> str | None:
        return dict(self.options).get(name)

    def filled(self, variables: dict[str, str]) -> "Instruction":
        """Return the instruction with its ${NAME}s filled."""
        return replace(self, rest=filled(self.rest, variables))

    def command(self) -> list[str]:
        """Return the words to execute: JSON as it is, a line through the shell, as Docker does."""
        if self.rest.startswith("["):
            words: list[str] = json.loads(self.rest)
            return words
        return ["/bin/sh", "-c", self.rest]

    def pairs(self, variables: dict[str, str]) -> dict[str, str]:
        """Return what ENV or LABEL sets."""
        return dict(word.split("=", 1) for word in shlex.split(filled(self.rest, variables)))


@dataclass
class Stage:
    """`FROM parent AS name` and what follows it; `parent` is a stage's name or an image."""

    name: str
    parent: str
    instructions: list[Instruction] = field(default_factory=list["Instruction"])

    def arguments(self) -> dict[str, str]:
        """Return what the stage's own ARGs are when a build sets none."""
        return dict(one.rest.split("=", 1) for one in self.instructions if one.word == "ARG")


@dataclass(frozen=True)
class Dockerfile:
    """All stages, the last of which is the image."""

    defaults: dict[str, str]
    stages: list[Stage]

    def stage(self, name: str) -> Stage | None:
        return next((one for one in self.stages if one.name == name), None)


def read_dockerfile(path: Path) -> Dockerfile:
    """Raises ValueError for an instruction that is not known here."""
    defaults: dict[str, str] = {}
    stages: list[Stage] = []
    for instruction in _instructions(path.read_text()):
        if instruction.word == "ARG" and not stages:
            name, _, value = instruction.rest.partition("=")
            defaults[name] = value
        elif instruction.word == "FROM":
            parent, _, name = filled(instruction.rest, defaults).partition(" AS ")
            stages.append(Stage(name or "image", parent))
        else:
            stages[-1].instructions.append(instruction)
    return Dockerfile(defaults, stages)


def filled(text: str, variables: dict[str, str]) -> str:
    """Return the text with its ${NAME}s filled; KeyError for one that nobody set."""
    return _VARIABLE.sub(lambda found: variables[found[1]], text)


def _instructions(text: str) -> list[Instruction]:
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    found: list[Instruction] = []
    for line in re.sub(r"\\\n\s*", "", "\n".join(lines)).splitlines():
        if not line.strip():
            continue
        word, _, rest = line.strip().partition(" ")
        if word not in KNOWN:
            raise ValueError(f"{word} is not an instruction that this reader knows")
        options: list[tuple[str, str]] = []
        while match := re.match(r"--([a-z-]+)=(\S+)\s+", rest):
            options.append((match[1], match[2]))
            rest = rest[match.end() :]
        found.append(Instruction(word, tuple(options), rest.strip()))
    return found
