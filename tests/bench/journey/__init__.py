"""`./run bench journey`: from a picture that leaves the camera to the visit on an open page, all on this machine.

A film is played over RTSP into a onebox of its own. The best shot is the best of those by which somebody was
recognized: a track is sent when it was not surpassed for a while, or when the track has ended.
"""

from bisect import bisect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from statistics import median
from time import sleep, time
from typing import Any

from compose.onebox.scene import SAMPLE_LINE
from compose.onebox.servers.rtsp import RtspServer
from regulars.settings import Settings
from regulars.store.sightings import Sighting
from regulars.wiring import model_pack
from tests.bench.journey.decoding import decoding_s, write_numbered_film
from tests.bench.journey.film import JourneyFilm, journey_films
from tests.bench.journey.tap import Tap
from tests.bench.journey.watching import OpenPage, SpoolClock
from tests.bench.measuring import Row, percentile, ratio
from tests.story.stage import Stage, data_folder, story_box
from tests.waiting import wait_for

GAP_MINUTES = 0.05
"""Who comes again in the film makes a visit again."""
QUESTIONS = 20
STAGES = (
    "best shot to track in the spool",
    "spool to object store",
    "object store to recognized",
    "recognized to told",
)


@dataclass(frozen=True, slots=True)
class Journey:
    """The moments of one track, Unix time, in their order but for `last_seen_s`."""

    began_s: float
    last_seen_s: float
    best_shot_s: float
    kept_s: float
    stored_s: float
    recognized_s: float
    told_s: float

    def stages(self) -> list[float]:
        """Return how long each of STAGES took, in seconds."""
        moments = (self.best_shot_s, self.kept_s, self.stored_s, self.recognized_s, self.told_s)
        return [after - before for before, after in pairwise(moments)]


def run(rounds: int | None, say: Callable[[str], None]) -> list[Row]:
    """Return the rows of each film, played `rounds` times (1)."""
    films, rows = journey_films(model_pack(Settings())), list[Row]()
    with data_folder() as folder, Stage(story_box(folder), visit_gap_minutes=GAP_MINUTES) as stage:
        server = RtspServer(stage.box.place, stage.box.supervisor, films[0].path.parent)
        server.start()
        with Tap(server.port) as tap:
            delays_s = _decoding_s(tap, server, films[0].path.with_name("numbers.mp4"))
            rows += _two("camera to decoded picture", delays_s)
            for film in films:
                say(f"{film.name}: {film.people} people in {film.seconds:.0f} s")
                url = tap.through(server.url(film.path.name, repeat=False), server.port)
                journeys = [one for _ in range(rounds or 1) for one in _play(stage, tap, film, url, median(delays_s))]
                rows += _rows(film, journeys, film.people * (rounds or 1))
        with OpenPage(stage.box.gateway_url, stage.chain.email, stage.chain.password) as page:
            rows += _two("the page asks again: today, and 50 visits", [page.asks_again_s() for _ in range(QUESTIONS)])
    return rows


def _decoding_s(tap: Tap, server: RtspServer, film: Path) -> list[float]:
    if not film.exists():
        write_numbered_film(film)
    return decoding_s(tap, tap.through(server.url(film.name), server.port))


def _play(stage: Stage, tap: Tap, film: JourneyFilm, url: str, delay_s: float) -> list[Journey]:
    """Play the film once and return the journeys of its tracks."""
    connections, known = len(tap.readers), {one.track_id for one in stage.sightings()}
    x1, y1, x2, y2 = SAMPLE_LINE
    setup: dict[str, Any] = {"site_id": str(stage.chain.site.site_id), "name": film.name, "type": "rtsp"}
    setup |= {"rtsp_url": url, "line": {"x1": x1, "y1": y1, "x2": x2, "y2": y2}}
    with (
        SpoolClock(stage.box.place.folder("spool")) as spool,
        OpenPage(stage.box.gateway_url, stage.chain.email, stage.chain.password) as page,
    ):
        camera_id = stage.portal.add_camera(setup)["camera_id"]
        wait_for(lambda: len(tap.readers) > connections and tap.readers[connections], "the worker reads the camera")
        left = tap.readers[connections]
        began_s = next(iter(left.values()))
        sleep(max(0.0, began_s + film.seconds - time()))
        stage.portal.change_camera(camera_id, {"wanted_state": "stopped"})
        wait_for(lambda: not spool.waiting, "the spool is empty")
        wait_for(lambda: _came(stage, known) >= len(spool.kept_s), "every track is recognized and ended")
        sleep(1.0)
    left_s = sorted(left.values())
    found = [one for one in stage.sightings() if one.track_id not in known and one.track_id in spool.sent_s]
    return [
        _journey(one, left_s, delay_s, spool, page.told_s)
        for one in found
        if one.shots and one.recognized_at in page.told_s and one.ended_at.timestamp() < began_s + film.seconds
    ]


def _came(stage: Stage, known: set[Any]) -> int:
    return sum(one.track_id not in known and not one.ongoing for one in stage.sightings())


def _journey(
    seen: Sighting, left_s: Sequence[float], delay_s: float, spool: SpoolClock, told_s: dict[datetime, float]
) -> Journey:
    """Return a track's moments; `left_s` are those at which the camera's pictures left it, ascending."""
    best = max(seen.shots, key=lambda shot: shot["quality"])
    return Journey(
        _left(left_s, seen.started_at.timestamp() - delay_s),
        _left(left_s, seen.ended_at.timestamp() - delay_s),
        _left(left_s, datetime.fromisoformat(best["at"]).timestamp() - delay_s),
        spool.kept_s[seen.track_id],
        spool.sent_s[seen.track_id],
        seen.recognized_at.timestamp(),
        told_s[seen.recognized_at],
    )


def _left(left_s: Sequence[float], about_s: float) -> float:
    """Return the moment nearest to `about_s` at which a picture left the camera."""
    place = bisect(left_s, about_s)
    return min(left_s[max(0, place - 1) : place + 1], key=lambda one: abs(one - about_s))


def _rows(film: JourneyFilm, journeys: Sequence[Journey], people: int) -> list[Row]:
    lengths_s = [one.last_seen_s - one.began_s for one in journeys]
    whole_s = [one.told_s - one.best_shot_s for one in journeys]
    rows = [Row("journey", f"{film.name}: tracks told, of {people} people", len(journeys), "tracks")]
    for name, share in (("p50", 0.5), ("p95", 0.95)):
        rows.append(
            Row(
                "journey",
                f"{film.name}: best shot to visit told, {name}",
                percentile(whole_s, share) * 1000,
                "ms",
                limit=f"the track's own length, {name}",
                limit_value=percentile(lengths_s, share) * 1000,
                to_limit=ratio(whole_s, lengths_s),
            )
        )
    early = [one.told_s < one.last_seen_s for one in journeys]
    rows.append(Row("journey", f"{film.name}: told before the face was last seen", sum(early), "tracks"))
    rows += _two(f"{film.name}: face last seen to visit told", [one.told_s - one.last_seen_s for one in journeys])
    for number, stage in enumerate(STAGES):
        rows += _two(f"{film.name}: {stage}", [one.stages()[number] for one in journeys])
    return rows


def _two(case: str, values_s: Sequence[float]) -> list[Row]:
    pairs = (("p50", 0.5), ("p95", 0.95))
    return [Row("journey", f"{case}, {name}", percentile(values_s, share) * 1000, "ms") for name, share in pairs]
