"""Entry point of one replica for test_two_replicas.py: the recognize function as its own process, with the fake pack.

`python -m tests.story.replica DATABASE_URL OBJECTS_URL VECTORS_URL PORT`; the token is `story`.
"""

import sys

import uvicorn

from functions.recognize.app import create_app
from functions.recognize.caretaker import Caretaker
from regulars.adapters.objects_s3 import S3ObjectStore
from regulars.logs import configure_logs
from regulars.steps.recognize import Recognizer
from regulars.store.session import connect
from tests.fake_pack import FakeDetector, fake_pack
from tests.sealing import DATA_KEYS
from tests.turned import turned_index

TOKEN = "story"
DIGEST = "fakeofthestory"


def main() -> None:
    database_url, objects_url, vectors_url, port = sys.argv[1:]
    configure_logs()
    recognizer = Recognizer(
        engine=connect(database_url, data_keys=DATA_KEYS),
        objects=S3ObjectStore(objects_url),
        vectors=turned_index(vectors_url),
        pack=fake_pack(DIGEST),
        detector=FakeDetector(),
        wanted_fpir=0.005,
    )
    app = create_app(recognizer, TOKEN, Caretaker(recognizer, every_s=0))
    uvicorn.run(app, host="127.0.0.1", port=int(port), log_config=None, access_log=False)


if __name__ == "__main__":
    main()
