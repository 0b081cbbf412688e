"""`./run demo`: the whole system on this machine, with a sample camera or your own, until Ctrl-C."""

import gc
import signal

if __name__ == "__main__":
    gc.disable()  # until `settle`: among what is imported there is none, and looking for it takes long
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # until `main` hears it: nothing is started yet, nothing to tell

import argparse
import sys
import threading
from collections.abc import Sequence
from contextlib import nullcontext

from compose.onebox.box import Onebox, Say
from compose.onebox.camera_choice import CameraChoice
from compose.onebox.demo_options import parser
from compose.onebox.flows_beside import FlowsBeside
from compose.onebox.place import is_free
from compose.onebox.sample_camera import SampleCamera
from compose.onebox.words import quiet_libraries, timed_progress
from regulars.errors import ConfigurationRefused, RegularsError
from regulars.garbage import settle
from regulars.settings import Settings

_USUAL_PORT = 8080
_FIRST_PORT_OF_ALL = 1024
"""Lower ones are for root alone on many systems."""


def main(words: Sequence[str] | None = None) -> int:
    """Run the demo until SIGINT or SIGTERM."""
    quiet_libraries()
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: _end(ended))
    arguments = parser().parse_args(words)
    say = timed_progress()
    try:
        _run(arguments, say, ended)
    except RegularsError as refused:
        print(f"demo: {refused}", file=sys.stderr)
        return 1
    except OSError as failure:  # a full disk, above all
        print(f"demo: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        pass
    say("stopped; what was counted is kept")
    return 0


def _run(arguments: argparse.Namespace, say: Say, ended: threading.Event) -> None:
    choice: CameraChoice | None = arguments.camera
    settings = Settings()
    sample = choice is None and not arguments.no_camera and not arguments.for_good
    with (
        Onebox(arguments.data or settings.data_dir, settings.models_dir, say, port=_port(arguments.port)) as box,
        SampleCamera(box.place, box.supervisor, settings, say, ended) if sample else nullcontext() as camera,
    ):
        box.start()
        flows = FlowsBeside(box, say)
        # Not imported before the servers are started: it takes longer than they do.
        if arguments.for_good:
            from compose.onebox.for_good import open_for_good

            flows.start()
            beside = [flows]
            open_for_good(box, settings, as_json=arguments.json)
        else:
            from compose.onebox.demo_shop import open_shop, tell
            from compose.onebox.past_beside import PastBeside

            chain = open_shop(box, camera.setup() if camera else _own_camera(choice))
            past = PastBeside(box, chain, say)
            flows.start()
            beside = [past, flows]
            tell(box, chain, past, as_json=arguments.json)
        settle()
        try:
            ended.wait()
        finally:
            say("stopping")
            for one in beside:
                one.close()


def _end(ended: threading.Event) -> None:
    """Leave the wait at the end, or, before it has begun, whatever is being started."""
    if not ended.is_set():
        ended.set()
        raise KeyboardInterrupt


def _port(wanted: int | None) -> int:
    if wanted is not None:
        if not is_free(wanted):
            why = "in use by another program" if wanted >= _FIRST_PORT_OF_ALL else "in use, or for root alone"
            raise ConfigurationRefused(f"Port {wanted} is {why}: give another with --port.")
        return wanted
    return _USUAL_PORT if is_free(_USUAL_PORT) else 0


def _own_camera(choice: CameraChoice | None) -> dict[str, object] | None:
    if choice is None:
        return None
    source = {"rtsp_url": choice.rtsp_url, "webcam_index": choice.webcam_index, "file_path": choice.file_path}
    given = {key: value for key, value in source.items() if value is not None}
    return {"name": "Your camera", "type": choice.type, "wanted_state": "running", **given}


if __name__ == "__main__":
    sys.exit(main())
