"""What so many cameras need, by arithmetic from the unit costs; `docs/capacity.md` tells it with its assumptions."""

from dataclasses import dataclass

from tests.bench.capacity.units import Units

CAMERAS_A_SITE = 2
VISITS_A_SITE_AND_DAY = 800
TRACKS_A_VISIT = 2.0
RUSH_SHARE = 0.15
"""The fullest hour's share of a day."""
PICTURES_A_SECOND = 15
"""Of the film that a picture's cost is measured on; the worker looks at 10 of them."""
KEPT_DAYS = 30
RECOGNIZE_TO_VECTOR = 1.5
"""What a track takes recognize in all, in the time of its vector: with the object store, PostgreSQL and the decision.
`./run bench replicas` beside the unit cost told 1.3 on one machine and 1.5 on another."""
TEMPLATES_A_PERSON, NEW_SHARE = 3.0, 0.27
"""The share of visits that bring a new person is that of the simulated chains."""
USED_SHARE = 0.6
"""No part is planned fuller than this at rush hour."""
TEMPLATES_A_QUERY_NODE = 60e9
"""Bytes of vectors that one Milvus query node of 96 GB holds."""
ROWS_A_SECOND = 4000.0
"""Visits and sightings written a second that one PostgreSQL primary is planned for."""
CORE_MONTH, GB_MONTH, DISK_GB_MONTH, MEMORY_GB_MONTH = 15.0, 0.023, 0.10, 3.0
"""Prices assumed, in US dollars: a core, a GB of objects, a GB of database disk, a GB of memory, each for a month."""


@dataclass(frozen=True, slots=True)
class Scale:
    """So many cameras; `templates` and `visits_a_year` where they do not follow from the cameras."""

    name: str
    cameras: int
    templates: float | None = None
    visits_a_year: float | None = None


SCALES = (
    Scale("10 cameras", 10),
    Scale("1,000 cameras", 1_000),
    Scale("100,000 cameras", 100_000),
    Scale("100 M templates, 1 B visits a year", 6_850, 100e6, 1e9),
)


def needs(scale: Scale, units: Units) -> list[tuple[str, float, str]]:
    """Return what the scale needs: name, figure, unit."""
    visits_a_day = (
        scale.visits_a_year / 365 if scale.visits_a_year else scale.cameras / CAMERAS_A_SITE * VISITS_A_SITE_AND_DAY
    )
    tracks_a_day = visits_a_day * TRACKS_A_VISIT
    rush_tracks_s = tracks_a_day * RUSH_SHARE / 3600
    worker_cores = scale.cameras * worker_cores_a_camera(units) / USED_SHARE
    recognize_cores = rush_tracks_s * RECOGNIZE_TO_VECTOR * units.track_ms / 1000 / USED_SHARE
    objects_gb = tracks_a_day * KEPT_DAYS * units.track_bytes / 1e9
    templates = scale.templates or visits_a_day * 365 * NEW_SHARE * TEMPLATES_A_PERSON
    database_gb = visits_a_day * 365 * units.visit_bytes / 1e9
    database_gb += (tracks_a_day * KEPT_DAYS * units.shots_bytes + templates * units.look_bytes) / 1e9
    index_gb = templates * units.template_bytes / 1e9
    cost = (worker_cores + recognize_cores) * CORE_MONTH + objects_gb * GB_MONTH
    cost += database_gb * DISK_GB_MONTH + index_gb * MEMORY_GB_MONTH
    return [
        ("tracks a second at rush hour", rush_tracks_s, "tracks/s"),
        ("workers, at the shops", worker_cores, "cores"),
        ("recognize at rush hour", recognize_cores, "cores"),
        ("pictures of 30 days in the object store", objects_gb, "GB"),
        ("PostgreSQL after a year", database_gb, "GB"),
        (
            "primaries for the writes of rush hour",
            rush_tracks_s * (1 + 1 / TRACKS_A_VISIT) / ROWS_A_SECOND,
            "primaries",
        ),
        ("templates after a year", templates / 1e6, "million"),
        ("memory of the vector index", index_gb, "GB"),
        ("Milvus query nodes of 96 GB", index_gb * 1e9 / TEMPLATES_A_QUERY_NODE, "nodes"),
        ("cost of a camera and month", cost / scale.cameras, "US dollars"),
    ]


def worker_cores_a_camera(units: Units) -> float:
    """Return the cores that a camera takes at the busiest: somebody is always in the picture."""
    return PICTURES_A_SECOND * units.busy_picture_ms / 1000
