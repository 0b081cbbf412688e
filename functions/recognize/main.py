"""Entry point: recognize under uvicorn, `python -m functions.recognize.main --host 127.0.0.1 --port 8090`."""

import gc

if __name__ == "__main__":
    gc.disable()  # until `settle`: among what is imported there is none, and looking for it takes long

import argparse

import uvicorn

from functions.recognize.app import create_app
from functions.recognize.caretaker import Caretaker
from regulars.garbage import settle
from regulars.logs import configure_logs
from regulars.settings import RECOGNIZE_NEEDS, load_settings
from regulars.wiring import recognizer

STOP_WITHIN_S = 5


def main() -> None:
    """Serve until SIGINT or SIGTERM; what is in hand is finished within 5 s or rolled back, and found again later."""
    parser = argparse.ArgumentParser(prog="functions.recognize.main", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8090)
    parser.add_argument("--embedding-slots", type=int, default=2, help="tracks embedded at a time")
    parser.add_argument(
        "--catch-up-every-s", type=float, default=60.0, help="look for lost events this often; 0: at the start only"
    )
    arguments = parser.parse_args()
    configure_logs()
    settings = load_settings(RECOGNIZE_NEEDS)
    recognizes = recognizer(settings, embedding_slots=arguments.embedding_slots)
    caretaker = Caretaker(recognizes, arguments.catch_up_every_s)
    app = create_app(recognizes, settings.events_token, caretaker, settings.metrics_token)
    settle()
    uvicorn.run(
        app,
        host=arguments.host,
        port=arguments.port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=STOP_WITHIN_S,
    )


if __name__ == "__main__":
    main()
