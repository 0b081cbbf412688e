"""No secret lies in a tracked file, and none ever did: what was committed once can be read for ever."""

import itertools
import math
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.infra.test_tracked_files import ROOT, texts

# Written so that this file does not contain what it looks for.
KNOWN = {
    "a private key": r"-----BEGIN (?:[A-Z]+ )?PRIVATE K[E]Y-----\s*\w",
    "a key of AWS": r"\b(?:AK[I]A|AS[I]A)[0-9A-Z]{16}\b",
    "a token of GitHub": r"\bgh[pousr]_[0-9A-Za-z]{36}\b|\bgithub_p[a]t_\w{22,}",
    "a token of GitLab": r"\bgl[p]at-[\w-]{20}\b",
    "a token of Slack": r"\bxo[x][abprs]-[\w-]{10,}|hooks\.sl[a]ck\.com/services/T",
    "a key of Google": r"\bAI[z]a[\w-]{35}\b",
    "a key of Stripe": r"\b[rs]k_l[i]ve_[0-9A-Za-z]{20,}",
    "a signed token": r"\bey[J][\w-]{20,}\.ey[J][\w-]{20,}\.[\w-]{20,}",
    "a password in a URL": r"\b(?:postgres(?:ql)?|https?|rtsp|s3|amqp)://[\w.-]+:(?!\$|%|\{|<|of-the-|not-the-)[^\s:@/\"'`{}$<>]{12,}@[\w-]+\.[\w.-]+",
}
_ASSIGNED = re.compile(
    r"(?:passw(?:or)?d|secret|token|api_?key|sealing_?keys?)\w*[\"']?\s*[:=]\s*[\"']([\w+/=.-]{20,})[\"']",
    re.IGNORECASE,
)
LEAST_BITS = 3.6
"""Random text of 20 letters has more bits a letter, and digits and letters of both cases."""
PUBLIC = (
    "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",  # the example of Standard Webhooks
    "4OXhZ2SP",  # a sealing key and data keys of tests
    "b2YtdGhl",
)
"""What begins so is no secret."""


def secrets_in(text: str) -> list[str]:
    """Return what in a text looks like a secret, by what it looks like."""
    found = [f"{what}: {hit[0][:24]}…" for what, rule in KNOWN.items() for hit in re.finditer(rule, text)]
    assigned = (hit[1] for hit in _ASSIGNED.finditer(text))
    return found + [
        f"a random text: {one[:8]}…" for one in assigned if not one.startswith(PUBLIC) and random_looking(one)
    ]


def random_looking(text: str) -> bool:
    """Say whether nobody would have typed this: by its kinds of letters, and by Shannon's entropy of them."""
    kinds = all(re.search(kind, text) for kind in ("[0-9]", "[a-z]", "[A-Z]"))
    return kinds and -sum(n / len(text) * math.log2(n / len(text)) for n in Counter(text).values()) > LEAST_BITS


def history() -> Iterator[str]:
    """Yield every line that was ever added, some thousand at a time."""
    git = shutil.which("git") or "git"
    told = subprocess.Popen(
        [git, "log", "-p", "--unified=0", "--no-color", "--no-textconv", "--format=", "--", ".", ":!*.txt"],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, errors="replace",
    )  # fmt: skip
    with told as log:
        assert log.stdout is not None
        added = (line for line in log.stdout if line.startswith("+") and len(line) < 2000)
        while lines := list(itertools.islice(added, 5000)):
            yield "".join(lines)


@pytest.mark.parametrize(
    "text",
    [
        "-----BEGIN EC PRIVATE " + "KEY-----\nMHcCAQEE",
        "aws = " + "AKIA" + "J7QK2ZP4LM5X8RTV",
        "TOKEN=" + "ghp_" + "a1B2" * 9,
        'password = "' + "kR7vQ2xLw9ZpT4mBn8Yc" + '"',
        "postgresql://" + "regulars:Wm3xVq8LpZ2k@db.example.com/x",
    ],
)
def test_a_secret_would_be_seen(text: str) -> None:
    assert secrets_in(text)


@pytest.mark.parametrize(
    "text", ['password = "of-the-tests-and-of-nobody"', "token: ${REGULARS_TOKEN}", "secret_file=/run/x"]
)
def test_what_only_sounds_like_one_is_none(text: str) -> None:
    assert secrets_in(text) == []


def test_no_secret_is_in_a_tracked_file_or_was_ever_committed() -> None:
    now = [
        f"{name}: {one}"
        for name, text in texts()
        if not name.endswith((".txt", "-lock.json"))
        for one in secrets_in(text)
    ]
    assert now == []
    assert [one for lines in history() for one in secrets_in(lines)] == [], "git log -S finds the commit"
