"""Puts a beset box on: eight cameras of four shops play, spools are watched, Prefect runs when it is asked for."""

from collections.abc import Generator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from uuid import UUID

from compose.onebox.flows_beside import FlowsBeside
from compose.onebox.servers.rtsp import RtspServer
from regulars.ids import new_id
from regulars.store.session import transaction
from regulars.store.tenants import add_site, list_sites
from tests.story.stage import SpoolWatch, Stage, data_folder
from tests.torture import clocks
from tests.torture.beset_box import CAPACITY, WAYS, WORKERS, BesetBox
from tests.torture.disks import SmallDisk, own_mounts
from tests.torture.links import Network
from tests.torture.relay import Relay
from tests.torture.scenes import make_scene
from tests.waiting import wait_for

CAMERAS, SHOPS = 8, 4
MOST_CAMERAS = 40
"""Beyond this many nobody goes with a load."""
GAP_MINUTES = 0.1
"""Short, so that everybody comes again and again, and each coming is a visit that could be counted twice."""
SENT_WITHIN_S = 900.0
SPOOL_MB, STORE_MB = 48, 900


@dataclass
class Beset:
    """All that a torture works on. `followed` is every track that ever was in a spool."""

    stage: Stage
    box: BesetBox
    server: RtspServer
    spools: list[SpoolWatch]
    spool_disks: list[SmallDisk] = field(default_factory=list[SmallDisk])
    store_disk: SmallDisk | None = None
    cameras: list[str] = field(default_factory=list[str])
    flows: FlowsBeside | None = None

    def followed(self) -> set[UUID]:
        """Return every track that a worker has written down so far."""
        return set[UUID]().union(*(spool.ever() for spool in self.spools))

    def add_cameras(self, count: int, films: int) -> None:
        """Let `count` more cameras play, each one of the films."""
        port, way = self.server.port, self.box.way("worker-rtsp")
        with transaction(self.stage.engine, self.stage.tenancy) as connection:
            sites = list_sites(connection, self.stage.tenant_id)
        for _ in range(count):
            number = len(self.cameras)
            url = self.server.url(f"{number % films}.mp4").replace(f":{port}/", f":{way.port}/")
            setup = {"site_id": str(sites[number % len(sites)].site_id), "name": f"camera {number}", "type": "rtsp"}
            added = self.stage.portal.add_camera(setup | {"rtsp_url": url})
            self.cameras.append(str(added["camera_id"]))

    def start_flows(self) -> None:
        """Start Prefect and the flows; returns at once."""
        self.flows = FlowsBeside(self.box, lambda _: None)
        self.flows.start()

    def stop_flows(self) -> None:
        """Stop both."""
        if self.flows:
            self.flows.close()
            self.box.supervisor.stop("flows", "prefect")

    def stop_cameras(self, cameras: Sequence[str]) -> None:
        """Switch cameras off for good."""
        for camera_id in cameras:
            self.stage.portal.change_camera(camera_id, {"wanted_state": "stopped"})
            self.cameras.remove(camera_id)

    def stop_all(self) -> None:
        """Switch all cameras off, and return when everything they saw was sent."""
        self.stop_cameras(list(self.cameras))
        let_go = self.stage.portal.cameras
        wait_for(lambda: all(one["worker"] is None for one in let_go()), "all cameras were let go", 180.0)
        wait_for(lambda: all(spool.empty() for spool in self.spools), "the workers have sent everything", SENT_WITHIN_S)


@contextmanager
def beset(seed: int, every_s: float, left_out: list[str], *, for_load: bool = False) -> Generator[Beset]:
    """Start everything; somebody passes each camera every `every_s` seconds. What cannot be done here is told.

    `for_load` leaves small disks and wrong clocks out, and lets workers have more cameras.
    """
    with ExitStack() as open_:
        root = open_.enter_context(data_folder())
        disks_missing = "" if for_load else own_mounts()
        shim = "" if for_load else clocks.build(root)
        left_out += [one for one in (disks_missing, shim) if isinstance(one, str) and one]
        capacity = MOST_CAMERAS if for_load else CAPACITY
        network = open_.enter_context(Network(seed, *WAYS))
        relay = open_.enter_context(Relay(seed))
        box = BesetBox(root / "data", network, relay, shim if isinstance(shim, Path) else None, capacity)
        spool_disks, store_disk = list[SmallDisk](), None
        if disks_missing is None:
            spool_disks = [SmallDisk(box.spool(worker), SPOOL_MB) for worker in WORKERS]
            store_disk = SmallDisk(box.place.folder("objects/data"), STORE_MB)
            for disk in (*spool_disks, store_disk):
                open_.callback(disk.close)
        stage = open_.enter_context(Stage(box, visit_gap_minutes=GAP_MINUTES))
        _open_shops(stage)
        media = root / "media"
        media.mkdir()
        for number in range(CAMERAS):
            make_scene(media / f"{number}.mp4", f"{seed} {number}", every_s, 30.0)
        server = box.start_cameras(media)
        spools = [open_.enter_context(SpoolWatch(box.spool(worker))) for worker in WORKERS]
        made = Beset(stage, box, server, spools, spool_disks, store_disk)
        open_.callback(made.stop_flows)
        made.add_cameras(CAMERAS, CAMERAS)
        playing = stage.portal.cameras
        wait_for(lambda: all(one["state"] == "running" for one in playing()), "all cameras play at once", 120.0)
        yield made


def _open_shops(stage: Stage) -> None:
    first = stage.chain.site
    with transaction(stage.engine, stage.tenancy) as connection:
        for number in range(1, SHOPS):
            add_site(connection, replace(first, site_id=new_id(), name=f"Shop {number + 1}"))
