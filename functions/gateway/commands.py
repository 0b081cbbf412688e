"""Entry point for the operator: `python -m functions.gateway.commands reseal | worker-key NAME | bucket`.

`reseal` seals every stored secret, and the data key of every face, with the first of REGULARS_SEALING_KEYS. To rotate:
put the new key in front, restart gateways, recognize and flows, run it, and remove the old key when nothing is
unreadable and nothing is left to seal anew.

`worker-key` mints a key of the platform's own workers, prints it once and ends; `bucket` makes the bucket with its
expiry, with `--tell ARN` lets MinIO tell that target of every manifest, and with `--for FILE` makes the user of the
objects URL in that file, who may use this bucket alone: REGULARS_OBJECTS_URL is then MinIO's root user's.
"""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from regulars.adapters.objects_s3 import S3ObjectStore
from regulars.adapters.sealing_fernet import FernetSealing
from regulars.adapters.users_minio import let_use
from regulars.errors import RegularsError
from regulars.logs import configure_logs
from regulars.settings import load_settings
from regulars.steps.reseal import reseal
from regulars.store.api_keys import add_api_key
from regulars.store.data_keys import DataKeys
from regulars.store.sealed import SEALED, WRAPPED
from regulars.store.session import transaction
from regulars.tenancy import PLATFORM
from regulars.wiring import engine


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; return the exit code: 0, 1 when some secret cannot be opened, 2 for what could not be done."""
    parser = argparse.ArgumentParser(prog="functions.gateway.commands", description=__doc__)
    verbs = parser.add_subparsers(required=True)
    verbs.add_parser("reseal", help="seal every stored secret with the newest key").set_defaults(run=_reseal)
    minted = verbs.add_parser("worker-key", help="print a new key for the platform's workers")
    minted.add_argument("name", help="how the portal lists it")
    minted.set_defaults(run=_worker_key)
    made = verbs.add_parser("bucket", help="make the bucket, its expiry and its notifications")
    made.add_argument("--tell", metavar="ARN", help="MinIO's target, arn:minio:sqs::NAME:webhook")
    made.add_argument("--for", metavar="FILE", type=Path, dest="application", help="the application's objects URL")
    made.set_defaults(run=_bucket)
    arguments = parser.parse_args(words)
    configure_logs()
    try:
        done: int = arguments.run(arguments)
    except RegularsError as failure:
        sys.stderr.write(f"{failure.code}: {failure}\n")
        return 2
    return done


def _worker_key(arguments: argparse.Namespace) -> int:
    database = engine(load_settings(("database_url",)), pool_size=1)
    try:
        with transaction(database, PLATFORM) as connection:
            now = datetime.now(UTC)
            key = add_api_key(connection, None, arguments.name, ["worker"], now, created_by="command")
    finally:
        database.dispose()
    sys.stdout.write(f"{key}\n")
    return 0


def _bucket(arguments: argparse.Namespace) -> int:
    settings = load_settings(("objects_url",))
    store = S3ObjectStore(settings.objects_url)
    store.ensure_bucket(settings.retention_days)
    if arguments.tell:
        store.tell_of_manifests(arguments.tell)
    if arguments.application:
        name = let_use(settings.objects_url, arguments.application.read_text().strip())
        sys.stdout.write(f"the user {name} may use it, and nothing else\n")
    sys.stdout.write(f"the bucket is there; tracks/ expires after {settings.retention_days} days\n")
    return 0


def _reseal(_arguments: argparse.Namespace) -> int:
    settings = load_settings(("database_url", "sealing_keys"))
    sealing, data_keys = FernetSealing(settings.sealing_keys), DataKeys(settings.sealing_keys)
    database = engine(settings, pool_size=1)
    resealed = unreadable = 0
    try:
        for done in (
            *reseal(SEALED, engine=database, is_newest=sealing.is_newest, renew=sealing.reseal),
            *reseal(WRAPPED, engine=database, is_newest=data_keys.is_newest, renew=data_keys.rewrap),
        ):
            resealed, unreadable = resealed + done.resealed, unreadable + done.unreadable
            counted = f"{done.values} sealed, {done.resealed} of them anew, {done.unreadable} unreadable"
            sys.stdout.write(f"{done.name}: {counted}\n")
    finally:
        database.dispose()
    sys.stdout.write(f"done, {resealed} sealed anew\n")
    if unreadable:
        sys.stdout.write(f"{unreadable} were sealed with a key that is not named: name it, or enter them again\n")
    return 1 if unreadable else 0


if __name__ == "__main__":
    sys.exit(main())
