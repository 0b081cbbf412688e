"""Entry point for the operator: `python -m functions.recognize.commands set-aside | reconcile | reindex | consolidate`.

`undo` takes back a correction that touched several chains, which none of them may undo by itself.
"""

import argparse
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from regulars.errors import RegularsError
from regulars.logs import configure_logs
from regulars.settings import INDEX_NEEDS, load_settings
from regulars.steps.change_hands import By
from regulars.steps.index_templates import follow_gallery, reindex, repair_index
from regulars.steps.reconcile import reconcile
from regulars.steps.replay import replay
from regulars.steps.undo_correction import undo_correction
from regulars.store.session import transaction
from regulars.store.set_aside import list_set_aside
from regulars.tenancy import NETWORK_SCOPE_ID, PLATFORM, Tenancy
from regulars.wiring import consolidation, engine, pack_identity, recognizer, vector_index

_EMPTY = "nothing\n"
_NEEDS = ("database_url", "sealing_keys", "objects_url", *INDEX_NEEDS)


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; return the exit code: 0, 1 when something stays set aside, 2 for what could not be done."""
    arguments = _parser().parse_args(words)
    configure_logs()
    try:
        done: int = arguments.run(arguments)
    except RegularsError as failure:
        sys.stderr.write(f"{failure.code}: {failure}\n")
        return 2
    return done


def _list(arguments: argparse.Namespace) -> int:
    database = engine(load_settings(("database_url",)))
    with transaction(database, PLATFORM) as connection:
        held = list_set_aside(connection, reason=arguments.reason, resolved=arguments.resolved)
    database.dispose()
    rows = [(f"{one.last_at:%Y-%m-%d %H:%M:%S}", one.attempts, one.reason, one.object_key, one.detail) for one in held]
    _print_table(("last (UTC)", "attempts", "reason", "key", "detail"), rows)
    return 0


def _replay(arguments: argparse.Namespace) -> int:
    recognizes = recognizer(load_settings(_NEEDS))
    still = 0
    for handled in replay(recognizes, reason=arguments.reason, key=arguments.key):
        still += handled.result == "set_aside"
        sys.stdout.write(f"{handled.result:<12} {handled.reason:<20} {handled.key}\n")
    return 1 if still else 0


def _reconcile(arguments: argparse.Namespace) -> int:
    recognizes = recognizer(load_settings(_NEEDS))
    aside = 0
    for found in reconcile(recognizes, arguments.since, arguments.until, tenant_name=arguments.tenant):
        results = [handled.result for handled in found.handled]
        aside += results.count("set_aside")
        sys.stdout.write(
            f"{found.tenant.name}  camera {found.place.camera_id}  {found.day}: {found.manifests} tracks, "
            f"{len(results)} without a sighting, {results.count('recognized')} recognized now, "
            f"{results.count('set_aside')} set aside\n"
        )
    return 1 if aside else 0


def _reindex(arguments: argparse.Namespace) -> int:
    settings = load_settings(("database_url", "sealing_keys", *INDEX_NEEDS))
    digest, dimension = pack_identity(settings)
    work = repair_index if arguments.only_repair else reindex
    total = 0
    for total in work(engine=engine(settings), vectors=vector_index(settings), pack=digest, dimension=dimension):
        sys.stdout.write(f"{total} templates written\n")
    sys.stdout.write(f"done, {total} templates written\n")
    return 0


def _consolidate(_: argparse.Namespace) -> int:
    merged = 0
    for done in consolidation(load_settings(("database_url", "sealing_keys", *INDEX_NEEDS))).run(datetime.now(UTC)):
        merged += done.merged
        sys.stdout.write(
            f"gallery {done.scope_id}: {done.people_before} customers, {done.merged} merged into others, "
            f"{done.proposed} pairs proposed\n"
        )
    sys.stdout.write(f"done, {merged} customers merged into others\n")
    return 0


def _undo(arguments: argparse.Namespace) -> int:
    settings = load_settings(("database_url", "sealing_keys", *INDEX_NEEDS))
    parts = consolidation(settings)
    by = By(Tenancy(None, arguments.scope), "platform", datetime.now(UTC))
    with transaction(parts.engine, by.tenancy) as connection:
        undone = undo_correction(connection, arguments.correction, by=by)
    follow_gallery(arguments.scope, parts.pack, engine=parts.engine, vectors=parts.vectors)
    sys.stdout.write(f"undone: {undone.kind} of {undone.at:%Y-%m-%d %H:%M:%S} UTC by {undone.actor}\n")
    return 0


def _print_table(names: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    if not rows:
        sys.stdout.write(_EMPTY)
        return
    texts = [[_printable(value) for value in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(names, *texts, strict=True)]
    for row in ([*names], ["-" * width for width in widths], *texts):
        sys.stdout.write(_line(row, widths))


def _line(cells: Iterable[str], widths: Iterable[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip() + "\n"


def _printable(value: object) -> str:
    """Return a cell without what could move a terminal's cursor: keys come from outside."""
    return "".join(letter if letter.isprintable() else "?" for letter in str(value))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="functions.recognize.commands", description=__doc__)
    verbs = parser.add_subparsers(required=True)
    aside = verbs.add_parser("set-aside", help="tracks that could not be used").add_subparsers(required=True)
    shown = aside.add_parser("list", help="show them")
    shown.add_argument("--reason")
    shown.add_argument("--resolved", action="store_true", help="those replayed with success, too")
    shown.set_defaults(run=_list)
    again = aside.add_parser("replay", help="run them again")
    again.add_argument("--reason")
    again.add_argument("--key")
    again.set_defaults(run=_replay)
    lost = verbs.add_parser("reconcile", help="run tracks that have no sighting")
    today = datetime.now(UTC).date()
    lost.add_argument("--since", type=date.fromisoformat, default=today - timedelta(days=1), help="day, UTC")
    lost.add_argument("--until", type=date.fromisoformat, default=today, help="day, UTC, included")
    lost.add_argument("--tenant", help="name or id; all when left out")
    lost.set_defaults(run=_reconcile)
    index = verbs.add_parser(
        "reindex", help="build the vector index again from PostgreSQL, with the present rotation secret"
    )
    index.add_argument(
        "--only-repair", action="store_true", help="keep it, write what it lacks, remove what is too much"
    )
    index.set_defaults(run=_reindex)
    together = verbs.add_parser("consolidate", help="merge customers who are one person, propose the doubtful")
    together.set_defaults(run=_consolidate)
    undo = verbs.add_parser("undo", help="undo a correction, for example a merge across chains")
    undo.add_argument("correction", type=UUID, help="its id, as the audit log says it")
    undo.add_argument("--scope", type=UUID, default=NETWORK_SCOPE_ID, help="gallery; the network's when left out")
    undo.set_defaults(run=_undo)
    return parser


if __name__ == "__main__":
    sys.exit(main())
