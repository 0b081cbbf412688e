"""`regulars set_aside list | replay`: tracks that could not be used, and trying them again."""

import argparse

from regulars import wiring
from regulars.commands.database import database
from regulars.commands.telling import Verbs, say, say_table
from regulars.settings import INDEX_NEEDS, load_settings
from regulars.steps.replay import replay
from regulars.store.session import transaction
from regulars.store.set_aside import list_set_aside
from regulars.tenancy import PLATFORM


def add_set_aside(verbs: Verbs) -> None:
    """Add the commands."""
    told = "tracks that could not be used"
    aside = verbs.add_parser("set_aside", help=told, description=told).add_subparsers(required=True, metavar="COMMAND")
    shown = aside.add_parser("list", help="show them")
    shown.add_argument("--reason")
    shown.add_argument("--resolved", action="store_true", help="those replayed with success, too")
    shown.set_defaults(run=_list)
    again = aside.add_parser("replay", help="run them again, in this process")
    again.add_argument("--reason")
    again.add_argument("--key")
    again.set_defaults(run=_replay)


def _list(arguments: argparse.Namespace) -> int:
    with database() as engine, transaction(engine, PLATFORM) as connection:
        held = list_set_aside(connection, reason=arguments.reason, resolved=arguments.resolved)
    rows = [(f"{one.last_at:%Y-%m-%d %H:%M:%S}", one.attempts, one.reason, one.object_key, one.detail) for one in held]
    say_table(("last (UTC)", "attempts", "reason", "key", "detail"), rows)
    return 0


def _replay(arguments: argparse.Namespace) -> int:
    recognizes = wiring.recognizer(load_settings(("database_url", "sealing_keys", "objects_url", *INDEX_NEEDS)))
    tried = still = 0
    for handled in replay(recognizes, reason=arguments.reason, key=arguments.key):
        tried += 1
        still += handled.result == "set_aside"
        say(f"{handled.result:<12} {handled.reason:<20} {handled.key}")
    if not tried:
        say("nothing")
    return 1 if still else 0
