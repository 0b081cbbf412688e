"""What docs/webhooks.md tells receivers to run does verify what is sent, and nothing else."""

import json
import shutil
import subprocess
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from regulars.domain.webhooks import EVENT_TYPES, sign, write_secret
from regulars.settings import CHECKOUT
from tests.conftest import require
from tests.waiting import PATIENCE_S

DOCUMENT = (CHECKOUT / "docs" / "webhooks.md").read_text(encoding="utf-8")
SECRET, BODY = write_secret(b"k" * 32), '{"data":{"name":"Nguyễn"}}'
Message = tuple[str, dict[str, str], str]


def code_in(language: str) -> str:
    return DOCUMENT.split(f"```{language}\n")[1].split("```")[0]


def message(at: datetime, secret: str = SECRET, body: str = BODY) -> Message:
    signature = f"{sign(write_secret(b'o' * 32), 'id', at, body.encode())} {sign(SECRET, 'id', at, BODY.encode())}"
    stamp = str(int(at.timestamp()))
    return secret, {"webhook-id": "id", "webhook-timestamp": stamp, "webhook-signature": signature}, body


def messages() -> list[Message]:
    """One that is right, and one each with another secret, another body, too old."""
    now = datetime.fromtimestamp(time.time(), UTC)
    wrong = write_secret(b"x" * 32)
    return [message(now), message(now, secret=wrong), message(now, body="{}"), message(now - timedelta(minutes=6))]


def test_the_python_code_verifies() -> None:
    names: dict[str, Any] = {}
    exec(code_in("python"), names)  # noqa: S102 - the document's code is what is tested
    assert [names["verify"](secret, headers, body.encode()) for secret, headers, body in messages()] == [
        *(True, False, False, False)
    ]


def test_the_javascript_code_verifies() -> None:
    node = shutil.which("node")
    require(None if node else "node is not there")
    script = f"{code_in('javascript')}\nconsole.log(JSON.stringify({json.dumps(messages())}.map(m => verify(...m))))"
    ran = subprocess.run([node or "", "-e", script], capture_output=True, text=True, check=True, timeout=PATIENCE_S)
    assert json.loads(ran.stdout) == [True, False, False, False]


@pytest.mark.parametrize("event", EVENT_TYPES)
def test_every_event_is_described(event: str) -> None:
    assert f"| `{event}` |" in DOCUMENT
