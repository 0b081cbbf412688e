"""The restore drill: back up under load, lose everything, restore; the erased stay so, and all else is as before."""

import gzip
import json
import subprocess
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.exc import ProgrammingError

from regulars.commands.main import main
from regulars.domain.reports.buckets import Range
from regulars.domain.reports.report import Asked, make_report
from regulars.errors import ConfigurationRefused, DependencyAway, NotFound
from regulars.ids import new_id
from regulars.ports import ObjectInfo, ObjectStore
from regulars.steps.backup_files import PEOPLE, TOLD, BackupFolders, read_keys
from regulars.steps.check_restore import check_restore
from regulars.steps.erase_person import erase_person
from regulars.steps.restore import restore_database
from regulars.store.people import change_customer, find_customer, put_note
from regulars.store.rollups import columns_of
from regulars.store.session import transaction
from regulars.store.staff import Member, add_staff, find_member
from regulars.store.tenants import find_site
from tests.everywhere import hexadecimal
from tests.integration.rights.deployment import Drill, drill
from tests.people_seen import looks_of, put_right, read
from tests.sealing import DATA_KEYS
from tests.shop import at
from tests.visits_seen import visits_of
from tests.waiting import PATIENCE_S

__all__ = ["drill"]
PHONE, NOTE = "+84 90 555 09 18", "Planted note"
NAMES = {1: "Planted One", 2: "Planted Two"}
YESTERDAY = -60 * 24
LOAD = 24


def planted(drill: Drill) -> dict[int, UUID]:
    """Let people come yesterday and be known by name; return their ids."""
    shop, known = drill.shop, dict[int, UUID]()
    for person, name in NAMES.items():
        drill.recognizer.handle(shop.walk_in(person, at(YESTERDAY + 5 * person)))
        customer_id = visits_of(shop)[-1].customer_id
        assert customer_id is not None
        known[person] = customer_id
        with transaction(shop.engine, shop.tenancy()) as connection:
            change_customer(connection, shop.tenant.scope_id, customer_id, name=name, phone=PHONE)
            put_note(connection, shop.tenant.tenant_id, customer_id, NOTE)
    return known


def employed(drill: Drill) -> Member:
    """Add a member of staff with a photograph."""
    tenant_id = drill.shop.tenant.tenant_id
    member = Member(tenant_id, new_id(), "Planted Waiter", "female", active=True, created_at=at(0), phone=PHONE)
    with transaction(drill.shop.engine, drill.shop.tenancy()) as connection:
        add_staff(connection, member)
    drill.objects.put(f"people/{tenant_id}/{member.staff_id}/1.jpg", b"planted photograph", "image/jpeg")
    return member


def report_of_yesterday(drill: Drill) -> str:
    """Return every figure of the day before the drill, written out."""
    shop, day = drill.shop, at(YESTERDAY).date()
    with transaction(shop.engine, shop.tenancy()) as connection:
        site = find_site(connection, shop.tenant.tenant_id, shop.site_id)
        assert site is not None
        asked = Asked(Range(day, day), "day")
        return str(make_report(asked, lambda span: columns_of(connection, shop.tenant.tenant_id, [site], span, at(0))))


def told_by(backup: Path, programs: Path) -> bytes:
    """Return all that a backup's files tell whoever has no keys: the dump as SQL, and the files unpacked."""
    dump = subprocess.run(
        [programs / "pg_restore", "--file=-", backup / "postgresql.dump"],
        capture_output=True,
        check=True,
        timeout=PATIENCE_S,
    ).stdout
    files = [one for one in backup.rglob("*") if one.is_file()]
    return dump + b"".join(gzip.open(one).read() if one.suffix == ".gz" else one.read_bytes() for one in files)


def test_everything_is_lost_and_comes_back_but_for_the_erased(drill: Drill) -> None:
    shop = drill.shop
    known, member = planted(drill), employed(drill)
    looks = {person: looks_of(shop, one) for person, one in known.items()}
    first = _back_up_under_load(drill)
    put_right(shop, erase_person, known[1])
    drill.carry_out()
    before = [one for one in visits_of(shop) if one.started_at < at(-60)]
    assert [one.customer_id for one in before] == [None, known[2]]
    reported = report_of_yesterday(drill)
    drill.back_up(1)

    told = told_by(first, drill.server.programs)
    secret = [*NAMES.values(), PHONE, NOTE, member.name, "planted photograph"]
    secret += [hexadecimal(one.vector) for held in looks.values() for one in held]
    assert str(before[0].visit_id).encode() in told, "it would be seen"
    assert [one for one in secret if one.encode() in told] == []
    of_the_erased = {known[1], *(one.template_id for one in looks[1])}
    assert of_the_erased & {whose[1] for _, whose, _ in read_keys(drill.folders.key_file)} == set()

    drill.lose_everything()
    with pytest.raises(ProgrammingError, match="does not exist"):
        visits_of(shop)
    drill.restore(first)
    assert [one for one in visits_of(shop) if one.started_at < at(-60)] == before
    assert report_of_yesterday(drill) == reported
    assert "visits=2" in reported, "it tells of both who came"
    assert read(shop, find_customer, known[1]) is None
    customer = read(shop, find_customer, known[2])
    assert customer is not None
    assert (customer.name, customer.phone) == (NAMES[2], PHONE)
    assert [one.vector.tobytes() for one in looks_of(shop, known[2])] == [one.vector.tobytes() for one in looks[2]]
    again = read(shop, find_member, shop.tenant.tenant_id, member.staff_id)
    assert again is not None
    assert again.member == member
    [photograph] = drill.objects.list(f"people/{shop.tenant.tenant_id}/")
    assert drill.objects.get(photograph.key, 1000) == b"planted photograph"
    assert drill.replay() == 0
    assert _who_is(drill, 1) not in known.values()
    assert _who_is(drill, 2) == known[2]


def test_the_newest_backup_is_tried_beside_the_real_database(drill: Drill) -> None:
    known = planted(drill)
    drill.back_up(0)
    put_right(drill.shop, erase_person, known[2])
    drill.carry_out()
    parts: dict[str, Any] = {"owner": drill.owner, "application_url": drill.application_url, "data_keys": DATA_KEYS}
    parts |= {"reader_of": drill.reads, "folders": drill.folders}
    late = check_restore(**parts)
    assert (late.looks_opened, late.erased_readable, late.is_good) == (2, 1, False), "the keys are older"
    drill.back_up(1)
    checked = check_restore(**parts)
    assert (checked.looks_opened, checked.erased_readable, checked.lost, checked.is_good) == (1, 0, {}, True)
    told = drill.folders.newest() / TOLD
    noted = json.loads(told.read_text())
    told.write_text(json.dumps(noted | {"rows": noted["rows"] | {"rollup_days": 7}}))
    checked = check_restore(**parts)
    assert (checked.lost, checked.is_good) == ({"rollup_days": (7, 0)}, True), "a migration may have emptied them"
    gone = drill.folders.newest() / PEOPLE
    gone.unlink()
    with pytest.raises(NotFound, match="There is no"):
        check_restore(**parts)


def test_the_operators_commands_say_what_they_did(
    drill: Drill, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    known = planted(drill)
    for name, value in drill.settings().items():
        monkeypatch.setenv(f"REGULARS_{name}", value)
    assert main(["backup"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert (made["people"], Path(made["folder"])) == (4, drill.folders.newest())
    assert main(["restore_check"]) == 0
    assert json.loads(capsys.readouterr().out)["looks_opened"] == 2
    drill.lose_everything()
    assert main(["restore"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].endswith("restored")
    customer = read(drill.shop, find_customer, known[1])
    assert customer is not None
    assert customer.name == NAMES[1]
    assert main(["restore"]) == 2
    assert "not empty" in capsys.readouterr().err


class _Shrinking:
    """The real store, from which an object goes after it was listed."""

    def __init__(self, real: ObjectStore) -> None:
        self._real = real

    def list(self, prefix: str) -> Iterator[ObjectInfo]:
        yield from self._real.list(prefix)
        yield ObjectInfo("exports/gone.csv", 1, at(0))

    def __getattr__(self, name: str) -> object:
        return getattr(self._real, name)


def test_an_object_that_goes_meanwhile_is_left_out_of_the_backup(drill: Drill) -> None:
    employed(drill)
    shrinking: Any = _Shrinking(drill.objects)
    assert drill.back_up(0, shrinking).objects_copied == 1


def test_what_is_not_empty_is_not_restored_into_and_keys_lie_apart(drill: Drill, tmp_path: Path) -> None:
    backup = Path(drill.back_up(0).folder)
    url = drill.server.database_url(drill.database)
    with pytest.raises(ConfigurationRefused, match="not empty"):
        restore_database(
            backup,
            owner=drill.owner,
            application_url=drill.application_url,
            data_keys=DATA_KEYS,
            read_dump=drill.dumps(url).read,
            folders=drill.folders,
        )
    with pytest.raises(ConfigurationRefused, match="apart"):
        BackupFolders(tmp_path / "one", tmp_path / "one" / "keys")
    with pytest.raises(DependencyAway, match="pg_dump"):
        drill.dumps(url.replace(drill.database, "no_such")).write(tmp_path / "x", "00000003-1", ())


def _back_up_under_load(drill: Drill) -> Path:
    stop = threading.Event()
    with ThreadPoolExecutor(2) as pool:
        load = [pool.submit(_walk_in_and_out, drill, 20 + each, stop) for each in range(2)]
        made = drill.back_up(0)
        stop.set()
        assert sum(one.result() for one in load) > 0
    return Path(made.folder)


def _walk_in_and_out(drill: Drill, person: int, stop: threading.Event) -> int:
    """Let somebody come again and again, 24 times at most, until it is enough."""
    came = 0
    while came < LOAD and not (stop.is_set() and came):
        drill.recognizer.handle(drill.shop.walk_in(person, at(40 * came + person)))
        came += 1
    return came


def _who_is(drill: Drill, person: int) -> UUID | None:
    drill.recognizer.handle(drill.shop.walk_in(person, at(60 * 24 + 10 * person)))
    return visits_of(drill.shop)[-1].customer_id
