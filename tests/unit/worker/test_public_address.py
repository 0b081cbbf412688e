"""What a worker of the whole platform opens for a chain, and what it does not."""

import socket
from typing import Any

import pytest
from pydantic import SecretStr

from realtime_workers.open_source import open_source
from realtime_workers.public_address import at_public_address
from realtime_workers.source import SourceFailedError
from regulars.domain.cameras import LeasedCamera
from regulars.ids import new_id


def leased(**source: Any) -> LeasedCamera:
    ids = {name: new_id() for name in ("camera_id", "tenant_id", "site_id", "lease_id")}
    return LeasedCamera(name="door", public_only=True, **ids, **source)


def of_url(url: str) -> LeasedCamera:
    return leased(type="rtsp", rtsp_url=SecretStr(url))


@pytest.mark.parametrize(
    "camera",
    [
        leased(type="webcam", webcam_index=0),
        leased(type="file", file_path="/etc/passwd"),
        of_url("rtsp://127.0.0.1/live"),
        of_url("rtsp://shop:secret@192.168.1.20:8554/live"),
        of_url("rtsp://169.254.169.254/latest"),
        of_url("rtsp://[::1]/live"),
        of_url("rtsp://[::ffff:10.0.0.1]/live"),
        of_url("rtsp://2130706433/live"),
        of_url("rtsp://localhost/live"),
    ],
)
def test_what_is_no_address_on_the_public_internet_is_not_opened(camera: LeasedCamera) -> None:
    with pytest.raises(SourceFailedError) as refused:
        open_source(camera)
    assert refused.value.reason == "no_permission"
    assert "secret" not in refused.value.detail


def test_a_name_that_nobody_knows_is_told_as_such() -> None:
    with pytest.raises(SourceFailedError) as refused:
        at_public_address(of_url("rtsp://camera.invalid/live"))
    assert refused.value.reason == "unreachable"


@pytest.mark.parametrize(
    ("url", "opened"),
    [
        ("rtsp://shop:s%40t@93.184.215.14/a?b=1", "rtsp://shop:s%40t@93.184.215.14:554/a?b=1"),
        ("rtsps://[2606:4700::1111]:8322/a", "rtsps://[2606:4700::1111]:8322/a"),
    ],
)
def test_a_public_camera_keeps_its_login_port_and_path(url: str, opened: str) -> None:
    assert at_public_address(of_url(url)) == opened


def test_a_name_that_stands_for_an_address_inside_too_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def resolves_to_both(*_: Any, **__: Any) -> list[Any]:
        return [(0, 0, 0, "", ("93.184.215.14", 554)), (0, 0, 0, "", ("10.0.0.1", 554))]

    monkeypatch.setattr(socket, "getaddrinfo", resolves_to_both)
    with pytest.raises(SourceFailedError) as refused:
        at_public_address(of_url("rtsp://camera.example/live"))
    assert refused.value.reason == "no_permission"
