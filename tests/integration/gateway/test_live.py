"""The live stream: what is new arrives, what was missed comes back, and nobody else's does."""

from dataclasses import replace

import httpx
from sqlalchemy import text

from functions.gateway.app import create_app
from functions.gateway.auth.session_token import LIFE
from functions.gateway.live.news import QUEUE_LENGTH, CameraNews
from regulars.ids import new_id
from regulars.store.live import announce
from regulars.store.session import transaction
from regulars.store.tenants import Site, add_site
from regulars.tenancy import PLATFORM, Tenancy
from tests.integration.gateway.conftest import Chain, World, serving
from tests.integration.gateway.listener import Listener, listening
from tests.integration.gateway.seeding import add_visit
from tests.waiting import wait_for


def test_a_visit_is_told_as_it_happens_by_its_id_and_kind_only(world: World, chain: Chain) -> None:
    with listening(world, world.logged_in(chain.emails["manager"])) as page:
        ready = page.next()
        visit_id = add_visit(world, chain, world.clock())
        event = page.next()
    assert ready.kind == "ready"
    assert (event.kind, event.data["subject_id"]) == ("visit_opened", str(visit_id))
    assert set(event.data) == {"subject_id", "site_id", "at"}


def test_what_was_missed_comes_back_in_order_and_once(world: World, chain: Chain) -> None:
    client = world.logged_in(chain.emails["owner"])
    first = add_visit(world, chain, world.clock())
    last_id = str(world.parts.fan_out.missed(Tenancy(chain.tenant_id), 0)[-1].event_number)
    missed = [str(add_visit(world, chain, world.clock())) for _ in range(3)]
    with listening(world, client, last_id) as page:
        assert page.next().kind == "ready"
        heard = [page.next() for _ in missed]
        later = str(add_visit(world, chain, world.clock()))
        heard.append(page.next())
    assert [event.data["subject_id"] for event in heard] == [*missed, later]
    assert str(first) not in [event.data["subject_id"] for event in heard]
    assert [int(event.number or 0) for event in heard] == sorted(int(event.number or 0) for event in heard)


def test_another_chain_hears_nothing(world: World, chain: Chain) -> None:
    other = world.add_chain("Bún Chả")
    with listening(world, world.logged_in(other.emails["owner"])) as page:
        assert page.next().kind == "ready"
        add_visit(world, chain, world.clock())
        own = add_visit(world, other, world.clock())
        assert page.next().data["subject_id"] == str(own)


def test_a_cameras_new_state_is_told(world: World, chain: Chain) -> None:
    camera_id = world.add_camera(chain)
    with listening(world, world.logged_in(chain.emails["owner"])) as page:
        assert page.next().kind == "ready"
        world.beat(chain.worker_key, "one", 1)
        event = page.next()
    assert (event.kind, event.number) == ("camera_changed", None)
    assert event.data == {
        "camera_id": str(camera_id),
        "site_id": str(chain.site_id),
        "state": "starting",
        "reason": "none",
        "detail": "",
    }


def test_every_replica_tells_and_one_whose_connection_broke_tells_what_it_missed(world: World, chain: Chain) -> None:
    with serving(create_app(world.settings, clock=world.clock)) as url:
        client = world.logged_in(chain.emails["owner"])
        away = httpx.Client(base_url=url, cookies=client.cookies)
        world.clients.append(away)
        with listening(world, client) as here, listening(world, away) as there:
            assert {here.next().kind, there.next().kind} == {"ready"}
            visit_id = str(add_visit(world, chain, world.clock()))
            assert here.next().data["subject_id"] == there.next().data["subject_id"] == visit_id
            cut_listeners(world)
            visit_id = str(add_visit(world, chain, world.clock()))
            assert here.next().data["subject_id"] == there.next().data["subject_id"] == visit_id


def test_a_reader_who_cannot_keep_up_is_let_go_and_forgotten(world: World, chain: Chain) -> None:
    audiences = world.parts.fan_out._audiences  # pyright: ignore[reportPrivateUsage]
    with listening(world, world.logged_in(chain.emails["owner"])) as page:
        assert page.next().kind == "ready"
        [reader] = audiences[chain.tenant_id].readers

        def flood() -> None:
            for _ in range(QUEUE_LENGTH + 1):  # in one turn of the loop, so that nothing is read between
                reader.hand(CameraNews(new_id(), chain.site_id, None))

        reader.loop.call_soon_threadsafe(flood)
        assert page.next().kind == "end"
        wait_for(lambda: chain.tenant_id not in audiences, "the reader was forgotten")


def test_a_gateway_that_stops_ends_its_streams(world: World, chain: Chain) -> None:
    with serving(create_app(world.settings, clock=world.clock)) as url:
        client = httpx.Client(base_url=url, cookies=world.logged_in(chain.emails["owner"]).cookies)
        world.clients.append(client)
        page = Listener(client, None)
        assert page.next().kind == "ready"
    assert page.next().kind == "end"
    page.join()


def test_where_answers_must_end_the_stream_tells_what_is_new_and_ends(world: World, chain: Chain) -> None:
    ending = create_app(world.settings, clock=world.clock, holds_streams=False)
    with serving(ending) as url:
        client = httpx.Client(base_url=url, cookies=world.logged_in(chain.emails["owner"]).cookies)
        world.clients.append(client)
        visit_id = add_visit(world, chain, world.clock())
        answer = client.get("/v1/live", headers={"Last-Event-ID": "0"})
    assert f'"subject_id":"{visit_id}"' in answer.text.replace(" ", "")
    assert "retry: " in answer.text


def test_no_stream_after_the_login_ran_out(world: World, chain: Chain) -> None:
    client = world.logged_in(chain.emails["owner"])
    world.clock.pass_by(LIFE.total_seconds())
    assert client.get("/v1/live").status_code == 401


def cut_listeners(world: World) -> None:
    """End every connection that listens, as a failover of PostgreSQL does."""
    with transaction(world.parts.engine, PLATFORM) as connection:
        cut = connection.execute(
            text(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where query = 'listen regulars_live' and datname = current_database()"
            )
        )
        assert len(cut.all()) >= 2


def test_the_counts_of_a_site_are_told_at_the_beginning_and_when_they_change(world: World, chain: Chain) -> None:
    with listening(world, world.logged_in(chain.emails["manager"])) as page:
        assert page.next("counts").data["visits"] == 0
        add_visit(world, chain, world.clock(), direction="in")
        add_visit(world, chain, world.clock(), direction="out")
        told = page.next("counts").data
        while told["visits"] < 2:
            told = page.next("counts").data
    assert told["site_id"] == str(chain.site_id)
    assert (told["came_in"], told["went_out"], told["inside_unknown"]) == (1, 1, "not_yet")


def test_a_page_hears_of_the_site_that_it_asks_for_and_a_manager_of_the_named_ones(world: World, chain: Chain) -> None:
    elsewhere = replace(chain, site_id=new_id())
    with transaction(world.parts.engine, Tenancy(chain.tenant_id)) as connection:
        site = Site(chain.tenant_id, elsewhere.site_id, "Phở Ngon 2", "Asia/Ho_Chi_Minh", 30.0, world.clock())
        add_site(connection, site)
    owner, manager = world.logged_in(chain.emails["owner"]), world.logged_in(chain.emails["manager"])
    with (
        listening(world, owner, site_id=elsewhere.site_id) as there,
        listening(world, manager) as here,
    ):
        for page, site_id in ((there, elsewhere.site_id), (here, chain.site_id)):
            assert page.next().kind == "ready"
            assert page.next("counts").data["site_id"] == str(site_id)
        away = add_visit(world, elsewhere, world.clock())
        near = add_visit(world, chain, world.clock())
        assert there.next().data["subject_id"] == str(away)
        assert here.next().data["subject_id"] == str(near)
    with listening(world, manager, "0") as here:
        assert here.next().kind == "ready"
        assert here.next().data["subject_id"] == str(near)


def test_what_one_replica_told_is_resumed_at_another(world: World, chain: Chain) -> None:
    client = world.logged_in(chain.emails["owner"])
    with listening(world, client) as page:
        assert page.next().kind == "ready"
        add_visit(world, chain, world.clock())
        last = page.next().number
    missed = [str(add_visit(world, chain, world.clock())) for _ in range(2)]
    with serving(create_app(world.settings, clock=world.clock)) as url:
        away = httpx.Client(base_url=url, cookies=client.cookies)
        world.clients.append(away)
        with listening(world, away, last) as page:
            assert page.next().kind == "ready"
            assert [page.next().data["subject_id"] for _ in missed] == missed


def test_what_changes_often_is_told_once_per_reading(world: World, chain: Chain) -> None:
    with listening(world, world.logged_in(chain.emails["owner"])) as page:
        assert page.next().kind == "ready"
        visit_id = new_id()
        for _ in range(20):
            with transaction(world.parts.engine, Tenancy(chain.tenant_id)) as connection:
                for _ in range(10):
                    announce(connection, chain.tenant_id, chain.site_id, "visit_changed", visit_id, world.clock())
        last = add_visit(world, chain, world.clock())
        heard = [page.next()]
        while heard[-1].data["subject_id"] != str(last):
            heard.append(page.next())
    assert len(heard) < 100
    assert {event.data["subject_id"] for event in heard} == {str(visit_id), str(last)}
