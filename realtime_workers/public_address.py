"""A worker of the whole platform opens a chain's camera on the public internet alone: never a machine beside it.

The name is resolved once and the camera opened at the very address that was looked at, so that a name cannot point
inside between the check and the use; `one_way_out` keeps FFmpeg from going on from there.
"""

import socket
from urllib.parse import urlsplit, urlunsplit

from realtime_workers.source import SourceFailedError
from regulars.domain.addresses import is_public
from regulars.domain.cameras import LeasedCamera

_REFUSED = "A worker of the platform opens cameras on the public internet only; run one at the site, with its own key."
_DEFAULT_PORTS = {"rtsp": 554, "rtsps": 322}


def at_public_address(camera: LeasedCamera) -> str:
    """Return the camera's URL with the address that its name stands for.

    Raises SourceFailedError `no_permission` for a webcam, a file and an address inside, `unreachable` for a name that
    nobody knows, `not_found` for a URL that is not RTSP's.
    """
    if camera.rtsp_url is None:
        raise SourceFailedError("no_permission", _REFUSED)
    try:
        parts = urlsplit(camera.rtsp_url.get_secret_value())
        host, port = parts.hostname or "", parts.port or _DEFAULT_PORTS.get(parts.scheme, 554)
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, ValueError):  # of a name that cannot be written as one, too (UnicodeError)
        raise SourceFailedError("unreachable", "Nobody knows the name in the camera's address.") from None
    addresses = [str(one[4][0]) for one in found]
    if not all(map(is_public, addresses)):
        raise SourceFailedError("no_permission", _REFUSED)
    if parts.scheme not in _DEFAULT_PORTS:
        raise SourceFailedError("not_found", "The address of an RTSP camera begins with rtsp:// or rtsps://.")
    login, at, _ = parts.netloc.rpartition("@")
    address = f"[{addresses[0]}]" if ":" in addresses[0] else addresses[0]
    return urlunsplit(parts._replace(netloc=f"{login}{at}{address}:{port}"))
