"""What a person can do about a camera that does not run, by the reason it gives; told beside its state."""

from regulars.domain.cameras import StateName, StateReason

_ADVICE: dict[StateReason, str] = {
    "none": "",
    "unreachable": "See that the camera has power and network, and that its address and port are right.",
    "wrong_password": "Enter the user name and password that the camera itself asks for.",
    "not_found": "Check the path behind the address, or where the file or webcam is on the worker's machine.",
    "unsupported_codec": "Set the camera's stream to H.264.",
    "black_picture": "See whether the lens is covered or the light is out.",
    "frozen_picture": "Restart the camera: its stream runs, but its picture does not change.",
    "no_permission": "Let the worker use the camera: on Linux its user belongs into the group video."
    " A camera in the shop's own network needs a worker there.",
    "finished": "Nothing is wrong. Change the file to play it again.",
    "lease_lost": "Nothing: another worker takes the camera within a minute.",
    "switched_off": "Start the camera when it should run.",
    "internal": "It is tried again by itself; if it stays so, give the worker's log to the operator.",
}
NO_WORKER = "Start a worker, or see that the one at the site reaches the gateway and has room for one more camera."


def what_to_do(state: StateName, reason: StateReason, *, wanted: bool, has_worker: bool) -> str:
    """Return one sentence, empty when there is nothing to do."""
    if wanted and not has_worker and reason != "finished":
        return NO_WORKER
    if not wanted and state == "stopped":
        return _ADVICE["switched_off"]
    return _ADVICE[reason]
