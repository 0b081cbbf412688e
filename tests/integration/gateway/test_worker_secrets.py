"""What a worker is told in secret, and what it has to know itself: cameras' passwords and its own key."""

import pytest

from tests.integration.gateway.conftest import Chain, World


def test_the_worker_alone_learns_the_password(world: World, chain: Chain) -> None:
    url = "rtsp://admin:t0p-secret@10.0.0.9:554/live"
    owner = world.logged_in(chain.emails["owner"])
    made = owner.post(
        "/v1/cameras", json={"name": "Cửa", "type": "rtsp", "rtsp_url": url, "site_id": str(chain.site_id)}
    )
    assert made.status_code == 201, made.text
    assert made.json()["rtsp_url"] == "rtsp://10.0.0.9:554/live"
    assert "t0p-secret" not in owner.get("/v1/cameras").text
    [camera] = world.beat(chain.worker_key, "one", 1).cameras
    assert camera.rtsp_url is not None
    assert camera.rtsp_url.get_secret_value() == url


def test_a_url_sealed_with_a_lost_key_stops_that_camera_alone(world: World, chain: Chain) -> None:
    broken = world.add_camera(chain, type="rtsp", webcam_index=None, rtsp_url_sealed=b"sealed elsewhere")
    good = world.add_camera(chain)
    answer = world.beat(chain.worker_key, "one", 5)
    assert [camera.camera_id for camera in answer.cameras] == [good]
    shown = world.logged_in(chain.emails["owner"]).get(f"/v1/cameras/{broken}").json()
    assert (shown["state"], shown["reason"]) == ("failed", "internal")
    assert "REGULARS_SEALING_KEYS" in shown["detail"]


@pytest.mark.parametrize("key", ["rk_", "rk_00_x", "rk_" + "0" * 32 + "_x", "rk_ü_ü_ü", "nonsense"])
def test_a_wrong_key_is_refused(world: World, key: str) -> None:
    answer = world.client().post(
        "/v1/worker/heartbeat",
        headers=[(b"Authorization", f"Bearer {key}".encode())],
        json={"worker_id": "x", "capacity": 1},
    )
    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")


def test_the_right_key_id_with_another_secret_is_refused(world: World, chain: Chain) -> None:
    altered = chain.worker_key[:-1] + ("A" if chain.worker_key[-1] != "A" else "B")
    answer = world.client().post(
        "/v1/worker/heartbeat",
        headers={"Authorization": f"Bearer {altered}"},
        json={"worker_id": "x", "capacity": 1},
    )
    assert answer.status_code == 401
