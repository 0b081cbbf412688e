"""Each flow does its work in Prefect's environment."""

import json
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from sqlalchemy import Engine, text

from compose.onebox.place import free_port
from compose.onebox.servers.milvus_lite import MilvusLiteServer
from regulars.domain.reports.saved import files_of
from regulars.ids import new_id
from regulars.settings import Settings
from regulars.steps.change_hands import By
from regulars.steps.erase_person import erase_person
from regulars.steps.index_templates import collection_of
from regulars.steps.lost_tracks import YOUNGEST
from regulars.store.people import add_customer, put_first_visit
from regulars.store.saved_reports import SavedReport, add_saved_report
from regulars.store.session import transaction
from regulars.store.templates import StoredTemplate, add_template
from regulars.tenancy import PLATFORM
from regulars.wiring import pack_identity
from tests.integration.flows.conftest import RunFlow
from tests.shop import Shop
from tests.turned import turned_index
from tests.visits_seen import people, sightings_of
from tests.waiting import wait_for


def returned(run: subprocess.CompletedProcess[str]) -> list[dict[str, int]]:
    """Return the numbers of each flow of the run."""
    assert run.returncode == 0, run.stderr
    return [json.loads(line) for line in run.stdout.splitlines() if line.startswith("{")]


def moment(at: datetime) -> str:
    """Return a moment as it stands in a call."""
    return f"datetime.fromisoformat('{at.isoformat()}')"


def test_tracks_whose_events_were_lost_are_told_again_and_only_once(shop: Shop, run_flow: RunFlow) -> None:
    began = datetime.now(UTC) - timedelta(minutes=5)
    for person in range(3):
        shop.walk_in(person, began)
    old_enough_at = datetime.now(UTC) + YOUNGEST + timedelta(seconds=1)
    wait_for(lambda: datetime.now(UTC) > old_enough_at, "the manifests were old enough")
    assert sightings_of(shop) == []
    nobody = f"http://127.0.0.1:{free_port()}"
    unheard = run_flow("reconcile_tracks()", REGULARS_RECOGNIZE_URL=nobody)
    assert unheard.returncode != 0
    assert "DependencyAway: The recognize function does not answer; the next run goes on." in unheard.stderr
    first, second = returned(run_flow("reconcile_tracks()", "reconcile_tracks()"))
    assert (first["told"], first["set_aside"], second["told"]) == (3, 0, 0)
    assert len(sightings_of(shop)) == people(shop) == 3


def test_what_the_vector_index_lacks_is_written_and_what_it_has_too_much_goes(
    shop: Shop, run_flow: RunFlow, milvus_server: MilvusLiteServer
) -> None:
    pack, dimension = pack_identity(Settings())
    vectors, collection = turned_index(milvus_server.url), collection_of(pack)
    vectors.ensure(collection, dimension)
    template = _template(shop, pack, dimension)
    with transaction(shop.engine, shop.tenancy()) as connection:
        add_template(connection, template)
    assert template.template_id not in set(vectors.template_ids(collection))
    assert returned(run_flow("reindex_vectors()")) == [{"written": 1}]
    assert set(vectors.template_ids(collection)) == {template.template_id}


def test_a_person_enrolled_twice_becomes_one_customer(
    shop: Shop, run_flow: RunFlow, milvus_server: MilvusLiteServer
) -> None:
    pack, dimension = pack_identity(Settings())
    turned_index(milvus_server.url).ensure(collection_of(pack), dimension)
    now = datetime.now(UTC)
    with transaction(shop.engine, shop.tenancy()) as connection:
        for template in (_template(shop, pack, dimension) for _ in range(2)):
            add_customer(connection, template.scope_id, template.subject_id, now)
            put_first_visit(connection, template.tenant_id, template.scope_id, template.subject_id, now)
            add_template(connection, template)
    first, second = returned(run_flow("consolidate_identities()", "consolidate_identities()"))
    assert (first["merged"], second["merged"]) == (1, 0)


def test_what_has_grown_old_goes_at_the_time_that_is_given(shop: Shop, run_flow: RunFlow) -> None:
    shop.walk_in(1, datetime.now(UTC))
    later = moment(datetime.now(UTC) + timedelta(days=32))
    purged, forgotten, records = returned(
        run_flow(f"purge_raw_faces({later})", f"forget_inactive({later})", f"purge_records({later})")
    )
    assert purged["objects"] >= 4
    assert (purged["kept"], purged["older"]) == (0, 0)
    assert list(shop.objects.list("tracks/")) == []
    assert forgotten == {"customers": 0, "looks": 0}
    assert records["news"] >= 0


def test_a_backup_is_made_and_tried(shop: Shop, run_flow: RunFlow) -> None:
    shop.walk_in(1, datetime.now(UTC))
    run = run_flow("backup()", "restore_check()")
    assert run.returncode == 0, run.stderr
    folder, is_good = (json.loads(line) for line in run.stdout.splitlines()[-2:])
    assert (Path(folder) / "backup.json").is_file()
    assert is_good is True


def test_an_erasure_is_finished_by_the_clock(shop: Shop, run_flow: RunFlow) -> None:
    pack, dimension = pack_identity(Settings())
    now, template = datetime.now(UTC), _template(shop, pack, dimension)
    with transaction(shop.engine, shop.tenancy()) as connection:
        add_customer(connection, template.scope_id, template.subject_id, now)
        put_first_visit(connection, template.tenant_id, template.scope_id, template.subject_id, now)
        add_template(connection, template)
        erase_person(connection, template.subject_id, by=By(shop.tenancy(), "user:owner", now))
    [done] = returned(run_flow("erase_people()"))
    assert done == {"erased": 1, "people_back": 0, "objects_back": 0, "chains_gone": 0}


def test_the_months_ahead_have_a_place_before_anybody_comes(engine: Engine, run_flow: RunFlow) -> None:
    now = datetime.now(UTC) + timedelta(days=1000)  # no other test has been there
    ahead = now + timedelta(days=31)
    assert not _has_month(engine, ahead)
    returned(run_flow(f"prepare_months(now={moment(now)})"))
    assert _has_month(engine, now)
    assert _has_month(engine, ahead)


def test_closed_days_are_rolled_up_once(shop: Shop, engine: Engine, run_flow: RunFlow) -> None:
    yesterday = datetime.now(UTC) - timedelta(days=1)
    with transaction(engine, shop.tenancy()) as connection:
        moved = text("update sites set created_at = :at where tenant_id = :tenant_id")
        connection.execute(moved, {"at": yesterday, "tenant_id": shop.tenant.tenant_id})
    first, second = returned(run_flow("roll_up()", "roll_up()"))
    assert first["site_days"] >= 1
    assert second["site_days"] == 0
    with transaction(engine, shop.tenancy()) as connection:
        assert (
            connection.scalar(text("select count(*) from rollup_days where day = :day"), {"day": yesterday.date()}) == 1
        )


def test_a_saved_report_is_made_when_its_month_is_over(shop: Shop, engine: Engine, run_flow: RunFlow) -> None:
    now, tenant_id = datetime.now(UTC), shop.tenant.tenant_id
    saved = SavedReport(
        tenant_id=tenant_id,
        saved_report_id=new_id(),
        name="month",
        site_ids=None,
        bucket="day",
        hour_from=None,
        hour_to=None,
        gender=None,
        schedule="monthly",
        scheduled_at=now,
        formats=["pdf", "xlsx"],
        language="vi",
        keep_months=1,
        created_at=now,
    )
    with transaction(engine, shop.tenancy()) as connection:
        add_saved_report(connection, saved)
    [sent] = returned(run_flow(f"send_reports({moment(now.replace(day=1) + timedelta(days=33))})"))
    assert sent["made"] == 1
    assert len(list(shop.objects.list(files_of(tenant_id)))) == 2


def _template(shop: Shop, pack: str, dimension: int) -> StoredTemplate:
    return StoredTemplate(
        template_id=new_id(),
        scope_id=shop.tenant.scope_id,
        tenant_id=shop.tenant.tenant_id,
        kind="customer",
        subject_id=new_id(),
        pack=pack,
        vector=np.eye(1, dimension, dtype=np.float32)[0],
        quality=0.9,
        track_id=None,
        created_at=datetime.now(UTC),
    )


def _has_month(engine: Engine, moment: datetime) -> bool:
    with transaction(engine, PLATFORM) as connection:
        return connection.scalar(text("select to_regclass(:name)"), {"name": f"visits_{moment:%Y_%m}"}) is not None
