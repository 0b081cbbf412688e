"""What an analyst gets: every query of docs/analysts.md runs on real links, and nothing of few people is among it."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from urllib.parse import unquote

import duckdb
import httpx
import pytest
from cryptography.fernet import Fernet

from compose.onebox.servers.seaweed import SeaweedServer
from functions.gateway.app import create_app
from regulars.adapters.objects_s3 import S3ObjectStore
from regulars.domain.reports.buckets import Range, buckets_of
from regulars.domain.reports.counted import counted
from regulars.domain.reports.figures import figures_by
from regulars.domain.reports.files import told_root
from regulars.settings import Settings
from regulars.store.api_keys import add_api_key
from regulars.store.session import as_role, transaction
from regulars.tenancy import Tenancy
from tests.conftest import CHECKOUT
from tests.integration.gateway.conftest import serving
from tests.integration.reports.conftest import NOW, Chain, MakeChain
from tests.waiting import PATIENCE_S

PAGE = (CHECKOUT / "docs" / "analysts.md").read_text(encoding="utf-8")
K = 10
COUNTS = ("visits", "new", "returning", "undetermined", "male", "female", "unknown", "visitors", "came_in", "went_out")


@dataclass(frozen=True, slots=True)
class Office:
    """A gateway, and who asks it: keys of a chain's analyst and owner, and of another chain's analyst."""

    url: str
    chain: Chain
    analyst: str
    owner: str
    other: str

    def ask(self, key: str, path: str = "/v1/rollups") -> httpx.Response:
        return httpx.get(self.url + path, headers={"Authorization": f"Bearer {key}"})

    def catalogue(self, key: str, home: Path) -> duckdb.DuckDBPyConnection:
        duck = duckdb.connect(config={"home_directory": str(home)})
        duck.execute(self.ask(key, "/v1/rollups?format=sql").text)
        return duck


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home where DuckDB finds the extension for links as if it had fetched it."""
    folder = tmp_path_factory.mktemp("home")
    with duckdb.connect() as duck:
        (platform,) = duck.execute("pragma platform").fetchone() or ("",)
    place = folder / ".duckdb" / "extensions" / f"v{duckdb.__version__}" / platform
    place.mkdir(parents=True)
    extension = f"extensions/v{duckdb.__version__}/httpfs.duckdb_extension"
    (place / "httpfs.duckdb_extension").symlink_to(Path(str(files("duckdb_extension_httpfs") / extension)))
    return folder


@pytest.fixture(scope="module")
def office(make_chain: MakeChain, chain: Chain, owner_url: str, object_store_server: SeaweedServer) -> Iterator[Office]:
    asked = make_chain("analysed", 1.6, 2, 70)
    asked.roll_up()
    analyst, owner = _key(asked, "rollups.read", "reports.see"), _key(asked, "rollups.read", "visits.see")
    settings = Settings(
        database_url=as_role(owner_url, "regulars_app", "of-the-tests"),
        objects_url=object_store_server.url,
        secret_key="a secret of these tests",
        sealing_keys=Fernet.generate_key().decode(),
        recognize_url="http://127.0.0.1:1",
        events_token="events token of these tests",
    )
    with serving(create_app(settings, clock=lambda: NOW)) as url:
        yield Office(url, asked, analyst, owner, _key(chain, "rollups.read"))


def _key(chain: Chain, *scopes: str) -> str:
    with transaction(chain.engine, Tenancy(chain.tenant_id)) as connection:
        return add_api_key(connection, chain.tenant_id, "of the test", list(scopes), NOW, created_by="test")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def test_every_query_of_the_page_answers(office: Office, home: Path) -> None:
    queries = blocks("sql")
    assert len(queries) >= 9
    with office.catalogue(office.owner, home) as duck:
        for query in queries:
            assert duck.execute(query).fetchall(), query


def test_pandas_and_the_notebook_run_as_they_stand(office: Office, home: Path) -> None:
    assert len(blocks("python")) == 3
    given = {"HOME": str(home), "REGULARS_URL": office.url, "REGULARS_KEY": office.analyst, "MPLBACKEND": "agg"}
    script = "\n".join(blocks("python"))
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | given,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_S,
    )
    assert done.returncode == 0, done.stderr
    assert "visits_per_visitor" in done.stdout


def test_what_is_shown_is_what_reports_say_and_nothing_is_of_few(office: Office, home: Path) -> None:
    closed = [one for one in office.chain.days() if one.day < NOW.date().replace(day=1)]
    span = Range(min(one.day for one in closed), max(one.day for one in closed))
    buckets = buckets_of("month", span)
    figures = zip(buckets.names, figures_by(counted(closed), buckets), strict=True)
    with office.catalogue(office.analyst, home) as duck:
        told = duck.execute(
            "select strftime(month, '%Y-%m'), visits, visitors, dwell_median_s from months"
            " where site_id is null and month < ? order by 1",
            [NOW.date().replace(day=1)],
        ).fetchall()
        assert told == [(name, one.visits, one.visitors, one.dwell_median_s) for name, one in figures]
        for table, names in (("months", COUNTS), ("days", COUNTS), ("hours", ("visits", "came_in", "went_out"))):
            for name in names:
                few = duck.table(table).filter(f'"{name}" between 1 and {K - 1}')
                assert few.fetchall() == [], (table, name)
        hidden = "select count(*) filter (where visits is null), count(*) filter (where visits > 0) from hours"
        hours_hidden, hours_shown = duck.execute(hidden).fetchone() or (0, 0)
        assert min(hours_hidden, hours_shown) > 0
        alone = "select day from hours group by site_id, day having count(*) filter (visits is null) = 1"
        assert duck.execute(alone).fetchall() == [], "an hour hidden alone would follow from its day"


def test_an_analyst_gets_sums_of_the_own_chain_and_no_visit(office: Office) -> None:
    answers = {name: office.ask(getattr(office, name)).json()["tables"] for name in ("analyst", "owner", "other")}
    names = {caller: [table["name"] for table in tables] for caller, tables in answers.items()}
    assert names == {
        "analyst": ["months", "days", "hours"],
        "owner": ["months", "days", "hours", "visits"],
        "other": ["months", "days", "hours"],
    }
    urls = {
        caller: [unquote(file["url"]) for table in tables for file in table["files"]]
        for caller, tables in answers.items()
    }
    assert all(f"rollups/{office.chain.tenant_id}/told/least={K}/" in url for url in urls["analyst"])
    assert not any(str(office.chain.tenant_id) in url for url in urls["other"])
    link = answers["analyst"][0]["files"][0]["url"]
    of_visits = answers["owner"][3]["files"][0]["url"]
    assert httpx.get(link).status_code == 200
    assert httpx.put(link, content=b"").status_code == 403
    assert httpx.get(of_visits.partition("?")[0] + "?" + link.partition("?")[2]).status_code == 403
    noted = office.chain.sql("select 1 from audit_log where tenant_id = :tenant_id and action = 'rollups.linked'")
    assert len(noted) >= 2


def test_another_least_number_of_people_has_the_tables_written_anew(make_chain: MakeChain) -> None:
    made = make_chain("careful", 0.2, 1, 30)
    made.roll_up()
    made.sql("update tenants set least_people_shown = 25 where tenant_id = :tenant_id")
    assert [(one.days, one.files) for one in made.roll_up()] == [(0, 3)] * len({one.day.month for one in made.days()})
    assert isinstance(made.objects, S3ObjectStore)
    keys = [one.key for one in made.objects.list(told_root(made.tenant_id))]
    assert keys
    assert all("/least=25/" in key for key in keys)
    assert made.roll_up() == []
