"""What listens for vectors in answers hears them in every form, and takes nothing else for one."""

import base64
import json

import numpy as np
import pytest

from tests.fake_pack import vector_of
from tests.overheard import told_too_much

VECTOR = vector_of(3)
SMALLEST = np.asarray(VECTOR[:128], np.float32)


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({"looks": [{"look": VECTOR.tolist()}]}),
        json.dumps({"looks": SMALLEST.tobytes().hex()}),
        json.dumps({"looks": base64.b64encode(SMALLEST.tobytes()).decode()}),
        json.dumps({"picture": base64.b64encode(SMALLEST.tobytes()).decode()}),
        json.dumps({"visit": {"cosine": 0.61}}),
        json.dumps({"match_score": 0.61}),
        "visit_id,similarity,\r\n1,0.6,",
        ",".join(f"{one:.6f}" for one in VECTOR),
    ],
)
def test_a_vector_or_a_likeness_is_heard(text: str) -> None:
    assert told_too_much(text)


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({"quality": 0.9, "line": [0.1, 0.2, 0.3, 0.4], "handle": "0af31c", "detail": "No vector was kept."}),
        json.dumps({"reason": "none", "picture": base64.b64encode(b"\xff\xd8\xff" + SMALLEST.tobytes()).decode()}),
        json.dumps({"hours": list(range(24)), "url": "https://files.example.com/x?X-Amz-Signature=" + "a1" * 32}),
    ],
)
def test_what_else_is_told_is_none(text: str) -> None:
    assert told_too_much(text) == []
