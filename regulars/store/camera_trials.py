"""Pictures asked for once: a source that may not be a camera yet, taken up by one worker, answered, soon forgotten."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, and_, exists, func, insert, not_, or_, select, update

from regulars.domain.cameras import CameraType
from regulars.domain.watching import TRIAL_WITHIN_S
from regulars.store.tables import camera_leases
from regulars.store.watching import tell
from regulars.store.watching_tables import camera_trials

_T, _L = camera_trials.c, camera_leases.c
OPEN = timedelta(seconds=TRIAL_WITHIN_S)


@dataclass(frozen=True, slots=True)
class CameraTrial:
    """A source to be tried; `rtsp_url_sealed` as stored, `camera_id` where it is a camera's own."""

    tenant_id: UUID
    trial_id: UUID
    camera_id: UUID | None
    type: CameraType
    webcam_index: int | None
    rtsp_url_sealed: bytes | None
    file_path: str | None


@dataclass(frozen=True, slots=True)
class TrialProgress:
    """How far a trial is: taken by a worker or not, and its answer (a TrialAnswer as JSON) with the picture."""

    taken: bool
    answer: dict[str, Any] | None
    jpeg: bytes | None


def add_trial(connection: Connection, trial: CameraTrial, now: datetime) -> None:
    """Ask the workers for a picture, when the transaction commits."""
    connection.execute(insert(camera_trials).values(**asdict(trial), asked_at=now))
    tell(connection, "wish", trial.tenant_id)


def open_trials(connection: Connection, tenant_id: UUID, now: datetime) -> int:
    """Return how many of the tenant's trials wait for their answer."""
    waiting = (_T.tenant_id == tenant_id, _T.answer.is_(None), _T.asked_at > now - OPEN)
    return connection.scalar(select(func.count()).where(*waiting)) or 0


def take_trials(connection: Connection, holder: str, limit: int, now: datetime) -> list[CameraTrial]:
    """Let `holder` take up to `limit` trials that wait; a camera on lease is only tried by the worker that has it."""
    leased = and_(
        _L.tenant_id == _T.tenant_id, _L.camera_id == _T.camera_id, _L.released_at.is_(None), _L.expires_at > now
    )
    mine_to_try = or_(not_(exists().where(leased)), exists().where(leased, _L.worker_id == holder))
    waiting = (_T.taken_by.is_(None), _T.asked_at > now - OPEN)
    found = connection.execute(
        select(*(_T[name] for name in CameraTrial.__slots__))
        .where(*waiting, mine_to_try)
        .order_by(_T.asked_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    trials = [CameraTrial(*row) for row in found]
    taken = [trial.trial_id for trial in trials]
    connection.execute(update(camera_trials).where(_T.trial_id.in_(taken)).values(taken_by=holder))
    return trials


def answer_trial(connection: Connection, holder: str, trial_id: UUID, answer: dict[str, Any], jpeg: bytes) -> None:
    """Note what came of a trial that `holder` has taken, if it still waits for that."""
    waiting = (_T.trial_id == trial_id, _T.taken_by == holder, _T.answer.is_(None))
    done = connection.execute(update(camera_trials).where(*waiting).values(answer=answer, jpeg=jpeg or None))
    if done.rowcount:
        tell(connection, "trial", trial_id)


def progress_of(connection: Connection, tenant_id: UUID, trial_id: UUID) -> TrialProgress | None:
    """Return how far a trial is; None when it is not known any more."""
    wanted = select(_T.taken_by, _T.answer, _T.jpeg).where(_T.tenant_id == tenant_id, _T.trial_id == trial_id)
    row = connection.execute(wanted).one_or_none()
    return TrialProgress(row.taken_by is not None, row.answer, row.jpeg) if row else None


def forget_trial(connection: Connection, tenant_id: UUID, trial_id: UUID) -> None:
    """Remove a trial with its picture."""
    connection.execute(camera_trials.delete().where(_T.tenant_id == tenant_id, _T.trial_id == trial_id))
