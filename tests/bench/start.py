"""`./run demo` the second time: from the command to the line that says that all of it runs.

The limit: the embedded servers on the same data, one after another, each until it answers. The peer: the same and our
own two functions, which no part of a demo can do without.
"""

import time
from collections import defaultdict
from collections.abc import Callable
from statistics import median

from compose.onebox.box import Onebox
from compose.onebox.place import Place
from compose.onebox.processes import Supervisor
from compose.onebox.sample_camera import MEDIA
from compose.onebox.servers.milvus_lite import MilvusLiteServer
from compose.onebox.servers.postgres import PostgresServer
from compose.onebox.servers.rtsp import RtspServer
from compose.onebox.servers.seaweed import SeaweedServer
from regulars.settings import Settings
from tests.bench.demo import running_demo
from tests.bench.measuring import OURS, Row, in_turns, rows_of
from tests.bench.past import HOME

DATA = HOME / "start"
ALL = "servers, gateway and recognize one by one"
EMBEDDED = "embedded servers one by one"


def run(rounds: int | None, say: Callable[[str], None]) -> list[Row]:
    """Return the whole beside the sums, and each part alone."""
    alone: defaultdict[str, list[float]] = defaultdict(list)
    worked_s: list[float] = []
    say("the first start, which makes the data and the film")
    with running_demo(DATA):
        pass

    def parts() -> float:
        say("part by part")
        for name, took_s in _one_by_one().items():
            alone[name].append(took_s)
        return 0.0

    def whole() -> float:
        say("./run demo")
        with running_demo(DATA) as demo:
            worked_s.append(demo.worked_s)
            return demo.started_s

    figures = in_turns({OURS: whole, "parts": parts}, rounds or 5, warm_up=False)
    ours = ("gateway", "recognize")
    figures[ALL] = [sum(turn) for turn in zip(*alone.values(), strict=True)]
    embedded = [took_s for name, took_s in alone.items() if name not in ours]
    figures[EMBEDDED] = [sum(turn) for turn in zip(*embedded, strict=True)]
    rows = rows_of("start", "./run demo, the second time", "s", figures, [ALL], EMBEDDED)
    rows.append(Row("start", "./run demo, processor time until it tells so", median(worked_s), "s"))
    return rows + [Row("start", f"alone: {name}", median(took_s), "s") for name, took_s in alone.items()]


def _one_by_one() -> dict[str, float]:
    """Return how long each takes, in seconds, while those before it stand idle."""
    place, took_s = Place(DATA), dict[str, float]()
    with Supervisor(place.run_dir) as supervisor:
        camera = RtspServer(place, supervisor, place.folder(MEDIA))
        embedded = (PostgresServer(place, supervisor), SeaweedServer(place, supervisor))
        for server in (*embedded, MilvusLiteServer(place, supervisor), camera):
            took_s[server.name] = _timed(server.start)
    with Onebox(DATA, Settings().models_dir, lambda _: None) as box:
        box.start()
        box.supervisor.stop("worker", "gateway", "recognize")
        took_s["gateway"] = _timed(box.start_gateway)
        took_s["recognize"] = _timed(box.start_recognize)
    return took_s


def _timed(work: Callable[[], object]) -> float:
    begun_s = time.perf_counter()
    work()
    return time.perf_counter() - begun_s
