"""PostgreSQL is lost for good: the newest backup is restored into another server, and everything goes on with that."""

import subprocess
import sys
from contextlib import suppress

from compose.onebox.place import Place
from compose.onebox.processes import child_environment
from compose.onebox.servers.postgres import PostgresServer
from regulars.settings import CHECKOUT
from regulars.store.session import connect
from tests.story.stage import Stage
from tests.torture.beset_box import BesetBox

_GIVE_UP_S = 300


def back_up(box: BesetBox) -> None:
    """Back up beside everything else, as the night's flow does; tried again while a fault hinders it."""
    for attempt in range(5):
        if (done := _command(box, "backup")).returncode == 0:
            return
        if attempt == 4:
            raise RuntimeError(f"no backup could be made: {done.stderr[-500:]}")


def fail_over(stage: Stage, box: BesetBox) -> None:
    """Follow docs/operations.md: nobody is let in before the copy is restored."""
    box.supervisor.stop("recognize", "recognize-2", "gateway")
    with suppress(ProcessLookupError):
        box.supervisor.stop("postgres", within_s=0.0)
    copy = PostgresServer(Place(box.place.root / "restored"), box.supervisor)
    copy.start()
    box.point_at(copy)
    done = _command(box, "restore")
    if done.returncode != 0:
        raise RuntimeError(f"the backup could not be restored: {done.stderr[-500:]}")
    stage.engine.dispose()
    stage.engine = connect(box.database_url, pool_size=2)
    box.write_environment()
    box.start_gateway()
    box.start_recognize()
    box.start_second_recognize()


def _command(box: BesetBox, verb: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "regulars", verb]
    return subprocess.run(
        command,
        cwd=CHECKOUT,
        env=child_environment(**box.environment),
        capture_output=True,
        text=True,
        timeout=_GIVE_UP_S,
        check=False,
    )
