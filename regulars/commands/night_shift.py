"""`regulars CHORE`: any chore of the night shift now, or as if it were another time, without Prefect."""

import argparse
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from regulars.chores.calibrate import calibrate
from regulars.chores.consolidate_identities import consolidate_identities
from regulars.chores.deliver_webhooks import deliver_webhooks
from regulars.chores.erase_people import erase_people
from regulars.chores.forget_inactive import forget_inactive
from regulars.chores.prepare_months import prepare_months
from regulars.chores.purge_raw_faces import purge_raw_faces
from regulars.chores.purge_records import purge_records
from regulars.chores.reconcile_tracks import reconcile_tracks
from regulars.chores.reembed import reembed
from regulars.chores.reindex_vectors import reindex_vectors
from regulars.chores.roll_up import roll_up
from regulars.chores.send_reports import send_reports
from regulars.chores.shift import Chore
from regulars.commands.telling import ACTOR, Verbs, say


@dataclass(frozen=True, slots=True)
class _Option:
    """One of a chore's own parameters, `--name`; of `kind` None it is a switch."""

    name: str
    kind: type[date] | type[str] | None
    told: str


CHORES: dict[Chore[...], tuple[_Option, ...]] = {
    roll_up: (_Option("first", date, "roll up all closed days from here on anew"), _Option("last", date, "up to here")),
    purge_raw_faces: (),
    purge_records: (),
    reconcile_tracks: (
        _Option("since", date, "day, UTC; yesterday when left out"),
        _Option("until", date, "day, UTC, included; today when left out"),
        _Option("tenant", str, "a chain's name or id; all when left out"),
    ),
    consolidate_identities: (),
    erase_people: (),
    forget_inactive: (),
    reindex_vectors: (_Option("anew", None, "throw the index away and build it again"),),
    send_reports: (),
    reembed: (_Option("pack", str, "the new pack: a name, or the path of a pack file"),),
    calibrate: (),
    prepare_months: (),
    deliver_webhooks: (),
}


def add_chores(verbs: Verbs) -> None:
    """Add a command per chore."""
    for chore, options in CHORES.items():
        told = (chore.do.__doc__ or "").strip().splitlines()[0]
        verb = verbs.add_parser(chore.name, help=told, description=told, allow_abbrev=False)
        verb.add_argument("--now", type=_moment, help="as if it were this time (ISO 8601, UTC)")
        for option in options:
            if option.kind is None:
                verb.add_argument(f"--{option.name}", action="store_true", help=option.told)
            else:
                kind = _day if option.kind is date else str
                verb.add_argument(f"--{option.name}", type=kind, help=option.told)
        verb.set_defaults(run=_run, chore=chore, options=[option.name for option in options])


def _run(arguments: argparse.Namespace) -> int:
    given: dict[str, Any] = {name: getattr(arguments, name) for name in arguments.options}
    chore: Chore[...] = arguments.chore
    say(json.dumps(chore.run(arguments.now, ACTOR, say, **given)))
    return 0


def _day(words: str) -> date:
    try:
        return date.fromisoformat(words)
    except ValueError:
        raise argparse.ArgumentTypeError(f"a day reads 2026-01-31, not {words!r}") from None


def _moment(words: str) -> datetime:
    try:
        at = datetime.fromisoformat(words)
    except ValueError:
        raise argparse.ArgumentTypeError(f"a time reads 2026-01-31T02:10, not {words!r}") from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
