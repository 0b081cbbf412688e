"""Trying a source before it is saved: a worker takes one picture, or says why there is none; passwords stay sealed."""

import base64
import json
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from sqlalchemy import text

from functions.gateway.cameras import trial
from regulars.domain.watching import Trial, TrialAnswer
from regulars.ids import new_id
from regulars.store.session import transaction
from regulars.tenancy import PLATFORM
from tests.integration.gateway.conftest import Chain, World
from tests.integration.watching.said_worker import SaidWorker, a_jpeg

PATH = "/v1/cameras/test-connection"
RTSP = {"type": "rtsp", "rtsp_url": "rtsp://shop:s3cr3t@192.168.1.20/live"}


def taken_by(worker: SaidWorker) -> Trial:
    """Ask until there is something to try."""
    while True:
        for asked in worker.wishes().trials:
            return asked


def tried(
    world: World, chain: Chain, source: object, worker: SaidWorker, answer: TrialAnswer, jpeg: bytes = b""
) -> tuple[Trial, httpx.Response]:
    """Try a source as the owner while this worker answers."""
    client = world.logged_in(chain.emails["owner"])
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(client.post, PATH, json=source)
        taken = taken_by(worker)
        assert worker.answer(taken.trial_id, answer, jpeg).status_code == 204
        return taken, asked.result()


def kept_in(world: World, table: str) -> str:
    with transaction(world.parts.engine, PLATFORM) as connection:
        return json.dumps([list(map(str, row)) for row in connection.execute(text(f"select * from {table}"))])  # noqa: S608


def test_a_source_that_is_not_saved_yet_shows_its_picture(world: World, chain: Chain) -> None:
    taken, answer = tried(
        world, chain, RTSP, SaidWorker(world, chain), TrialAnswer(reason="none", width=160, height=90), a_jpeg()
    )
    assert taken.rtsp_url is not None
    assert taken.rtsp_url.get_secret_value() == RTSP["rtsp_url"]
    assert (taken.type, taken.camera_id) == ("rtsp", None)
    told = answer.json()
    assert base64.b64decode(told.pop("picture")) == a_jpeg()
    assert told == {"reason": "none", "detail": "", "width": 160, "height": 90}
    assert str(taken.trial_id) not in kept_in(world, "camera_trials")


def test_the_reason_is_told_in_words(world: World, chain: Chain) -> None:
    why = TrialAnswer(reason="wrong_password", detail="The camera refuses this user name and password.")
    _, answer = tried(world, chain, RTSP, SaidWorker(world, chain), why)
    assert answer.json() == {**why.model_dump(), "picture": None}


def test_a_saved_camera_is_tried_with_its_password_by_the_worker_that_has_it(world: World, chain: Chain) -> None:
    sealed = world.parts.sealing.seal(RTSP["rtsp_url"])
    camera_id = world.add_camera(chain, type="rtsp", webcam_index=None, rtsp_url_sealed=sealed)
    holder, other = SaidWorker(world, chain), SaidWorker(world, chain, world.platform_key)
    holder.hold()
    client = world.logged_in(chain.emails["owner"])
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(client.post, PATH, json={"camera_id": str(camera_id)})
        taken = taken_by(holder)
        assert other.answer(taken.trial_id, TrialAnswer(reason="none")).status_code == 204  # not its own: ignored
        holder.answer(taken.trial_id, TrialAnswer(reason="unreachable", detail="No answer."))
        assert asked.result().json()["reason"] == "unreachable"
    assert taken.camera_id == camera_id
    assert taken.rtsp_url is not None
    assert taken.rtsp_url.get_secret_value() == RTSP["rtsp_url"]


def test_without_a_worker_that_is_told(world: World, chain: Chain, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "TAKEN_WITHIN_S", 0.1)
    client = world.logged_in(chain.emails["owner"])
    told = client.post(PATH, json={"type": "webcam", "webcam_index": 0}).json()
    assert (told["reason"], told["picture"]) == ("no_worker", None)


def test_a_worker_that_does_not_answer_is_not_waited_for(
    world: World, chain: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trial, "TRIAL_WITHIN_S", 1.0)
    client, worker = world.logged_in(chain.emails["owner"]), SaidWorker(world, chain)
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(client.post, PATH, json=RTSP)
        taken = taken_by(worker)
        assert "s3cr3t" not in kept_in(world, "camera_trials") + kept_in(world, "audit_log")
        assert asked.result().json()["reason"] == "timed_out"
    assert worker.answer(taken.trial_id, TrialAnswer(reason="none")).status_code == 204


@pytest.mark.parametrize(
    "source",
    [
        {"type": "rtsp", "rtsp_url": "http://169.254.169.254/latest"},
        {"type": "rtsp", "rtsp_url": "file:///etc/passwd"},
        {"type": "rtsp"},
        {"type": "webcam", "webcam_index": 0, "file_path": "x"},
        {**RTSP, "camera_id": str(new_id())},
        {},
    ],
)
def test_what_is_no_source_is_refused(world: World, chain: Chain, source: dict[str, object]) -> None:
    answer = world.logged_in(chain.emails["owner"]).post(PATH, json=source)
    assert answer.status_code == 422
    assert "169.254" not in answer.text


def test_only_an_owner_tries_and_only_what_is_the_chains(world: World, chain: Chain) -> None:
    camera_id = world.add_camera(world.add_chain("Bún Chả"))
    assert world.logged_in(chain.emails["owner"]).post(PATH, json={"camera_id": str(camera_id)}).status_code == 404
    assert world.logged_in(chain.emails["manager"]).post(PATH, json=RTSP).status_code == 403
    assert world.logged_in(world.operator_email).post(PATH, json=RTSP).status_code == 403
