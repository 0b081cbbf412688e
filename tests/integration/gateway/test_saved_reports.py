"""Saved reports: made when a week is over, once, kept, announced, mailed to who may be told, and gone in time."""

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from pypdf import PdfReader

from regulars.adapters.mail_smtp import SmtpMail
from regulars.domain.reports.saved import files_of
from regulars.ids import new_id
from regulars.steps.purge_reports import purge_reports
from regulars.steps.send_reports import Sending, Sent, send_reports
from regulars.store.session import transaction
from regulars.store.tenants import Site, add_site
from regulars.store.webhooks import Webhook, add_webhook
from regulars.tenancy import Tenancy
from tests.integration.gateway.conftest import Chain, World
from tests.integration.gateway.test_mail import Inbox, inbox
from tests.integration.gateway.test_reports import week

__all__ = ["inbox", "week"]

WEEKLY: dict[str, Any] = {"name": "Tuần của chuỗi", "schedule": "weekly", "formats": ["pdf", "xlsx"]}
SATURDAY = datetime(2026, 3, 7, 3, tzinfo=UTC)
SUNDAY_EVENING = datetime(2026, 3, 8, 16, 59, tzinfo=UTC)
MIDNIGHT = datetime(2026, 3, 8, 17, 0, tzinfo=UTC)
"""There; the site is Ho Chi Minh City's."""


@pytest.fixture
def saturday(world: World, week: Chain) -> Chain:
    world.clock.now = SATURDAY
    return week


@pytest.fixture
def owner(world: World, saturday: Chain) -> httpx.Client:
    return world.logged_in(saturday.emails["owner"])


def save(client: httpx.Client, **different: Any) -> dict[str, Any]:
    answer = client.post("/v1/saved-reports", json=WEEKLY | different)
    assert answer.status_code == 201, answer.text
    return answer.json()


def send(world: World, chain: Chain, now: datetime, smtp: str = "") -> Sent:
    mail = SmtpMail(smtp, "regulars@example.com").send if smtp else None
    parts = Sending(world.parts.engine, world.parts.objects, mail, "https://portal.example.com", "flow")
    return send_reports(chain.tenant_id, parts=parts, now=now)


def issues(world: World, chain: Chain, saved: dict[str, Any], role: Any = "owner") -> list[dict[str, Any]]:
    answer = world.logged_in(chain.emails[role]).get(f"/v1/saved-reports/{saved['saved_report_id']}/issues")
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


def user_id(world: World, chain: Chain, role: Any) -> str:
    found = world.logged_in(chain.emails["owner"]).get("/v1/users", params={"role": role}).json()["items"]
    return found[0]["user_id"]


def test_a_week_is_made_when_it_is_over_at_its_sites_and_only_once(
    world: World, saturday: Chain, owner: httpx.Client
) -> None:
    saved = save(owner)
    assert send(world, saturday, SUNDAY_EVENING).issued == 0
    assert send(world, saturday, MIDNIGHT).issued == 1
    assert send(world, saturday, MIDNIGHT).issued == 0
    (made,) = issues(world, saturday, saved)
    assert (made["from"], made["to"], made["scheduled"], made["formats"]) == (
        "2026-03-02",
        "2026-03-08",
        True,
        ["pdf", "xlsx"],
    )
    path = f"/v1/saved-reports/{saved['saved_report_id']}/issues/{made['issue_id']}"
    files = owner.get(path).json()["files"]
    pdf = PdfReader(io.BytesIO(httpx.get(files[0]["url"]).content))
    assert "Báo cáo khách: 02/03/2026" in pdf.pages[0].extract_text()
    assert "report.opened" in str(owner.get("/v1/audit").json())


def test_weeks_that_were_missed_are_made_up_for(world: World, saturday: Chain, owner: httpx.Client) -> None:
    saved = save(owner)
    assert send(world, saturday, MIDNIGHT + timedelta(weeks=2)).issued == 3
    assert [one["to"] for one in issues(world, saturday, saved)] == ["2026-03-22", "2026-03-15", "2026-03-08"]


def test_a_report_is_announced_once_by_webhook(world: World, saturday: Chain, owner: httpx.Client) -> None:
    webhook = new_id()
    with transaction(world.parts.engine, Tenancy(saturday.tenant_id)) as connection:
        add_webhook(
            connection,
            Webhook(
                tenant_id=saturday.tenant_id,
                webhook_id=webhook,
                name="till",
                url="https://example.com",
                events=["report.ready"],
                site_ids=None,
                include_names=False,
                active=True,
                secret_sealed=b"",
                created_at=SATURDAY,
            ),
        )
    saved = save(owner)
    for _ in range(2):
        send(world, saturday, MIDNIGHT)
    log = f"/v1/webhooks/{webhook}/deliveries"
    (delivery,) = owner.get(log).json()["items"]
    told = owner.get(f"{log}/{delivery['event_id']}").json()["data"]
    assert (delivery["type"], told["report_id"], told["from"], told["to"]) == (
        "report.ready",
        saved["saved_report_id"],
        "2026-03-02",
        "2026-03-08",
    )
    assert owner.get(told["path"]).json()["issue_id"] == told["issue_id"]


def test_who_is_on_the_list_gets_one_letter_with_the_files(
    world: World, saturday: Chain, owner: httpx.Client, inbox: tuple[Inbox, str]
) -> None:
    letters, smtp = inbox
    save(owner, recipient_ids=[user_id(world, saturday, "analyst")], language="en")
    assert send(world, saturday, MIDNIGHT, "smtp://127.0.0.1:1") == Sent(1, 0, 1), "the server is away"
    assert send(world, saturday, MIDNIGHT + timedelta(hours=1), smtp) == Sent(0, 1, 0)
    assert send(world, saturday, MIDNIGHT + timedelta(hours=2), smtp) == Sent(0, 0, 0)
    to, letter = letters.next()
    assert letters.is_empty()
    assert (to, letter["Subject"]) == ([saturday.emails["analyst"]], "Tuần của chuỗi: 2 Mar 2026 – 8 Mar 2026")  # noqa: RUF001
    pdf, workbook = letter.iter_attachments()
    assert (pdf.get_filename(), workbook.get_filename()) == (
        "report-2026-03-02-2026-03-08.pdf",
        "report-2026-03-02-2026-03-08.xlsx",
    )
    pages = PdfReader(io.BytesIO(pdf.get_content())).pages
    text = "\n".join(page.extract_text() for page in pages)
    assert "Visitor report" in text
    assert "hidden" in text, "two strangers came, and no letter says so"


def test_a_manager_sees_and_gets_reports_of_the_named_sites_alone(
    world: World, saturday: Chain, owner: httpx.Client, inbox: tuple[Inbox, str]
) -> None:
    manager, other = user_id(world, saturday, "manager"), new_id()
    with transaction(world.parts.engine, Tenancy(saturday.tenant_id)) as connection:
        add_site(connection, Site(saturday.tenant_id, other, "Elsewhere", "Asia/Ho_Chi_Minh", 30.0, SATURDAY))
    for sites in (None, [str(saturday.site_id), str(other)]):
        refused = owner.post("/v1/saved-reports", json=WEEKLY | {"recipient_ids": [manager], "site_ids": sites})
        assert (refused.status_code, refused.json()["reason"]) == (422, "recipient_sites")
    own = save(owner, name="own", recipient_ids=[manager], site_ids=[str(saturday.site_id)])
    whole = save(owner, name="whole")
    assert send(world, saturday, MIDNIGHT, inbox[1]) == Sent(2, 1, 0)
    assert inbox[0].next()[0] == [saturday.emails["manager"]]
    client = world.logged_in(saturday.emails["manager"])
    assert [one["name"] for one in client.get("/v1/saved-reports").json()["items"]] == ["own"]
    assert client.get(f"/v1/saved-reports/{whole['saved_report_id']}/issues").status_code == 404
    (made,) = issues(world, saturday, own, "manager")
    path = f"/v1/saved-reports/{own['saved_report_id']}"
    assert client.get(f"{path}/issues/{made['issue_id']}").status_code == 200
    assert client.patch(path, json={"name": "mine"}).status_code == 403


def test_issues_are_kept_for_as_long_as_is_wanted_and_their_files_no_longer(
    world: World, saturday: Chain, owner: httpx.Client
) -> None:
    saved, objects = save(owner, keep_months=1), world.parts.objects
    send(world, saturday, MIDNIGHT)
    assert len(list(objects.list(files_of(saturday.tenant_id)))) == 2

    def purge(now: datetime) -> tuple[int, int]:
        done = purge_reports(saturday.tenant_id, engine=world.parts.engine, objects=objects, now=now)
        return done.issues, done.files

    real = datetime.now(UTC)
    assert purge(datetime(2026, 4, 30, tzinfo=UTC)) == (0, 0)
    assert purge(max(real + timedelta(days=1), datetime(2026, 5, 1, tzinfo=UTC))) == (1, 2)
    assert list(objects.list(files_of(saturday.tenant_id))) == []
    assert issues(world, saturday, saved) == []
    save(owner, name="gone at once")
    objects.put(f"{files_of(saturday.tenant_id)}{new_id()}/{new_id()}.pdf", b"of no issue", "application/pdf")
    assert purge(real) == (0, 0), "somebody may be making it just now"
    assert purge(real + timedelta(hours=2)) == (0, 1)


def test_one_can_be_made_at_once_and_is_mailed_to_nobody(
    world: World, saturday: Chain, owner: httpx.Client, inbox: tuple[Inbox, str]
) -> None:
    saved = save(owner, schedule="none", recipient_ids=[user_id(world, saturday, "owner")])
    path = f"/v1/saved-reports/{saved['saved_report_id']}/issues"
    made = owner.post(path, json={"from": "2026-03-02", "to": "2026-03-06"})
    assert made.status_code == 201, made.text
    assert httpx.get(made.json()["files"][0]["url"]).content.startswith(b"%PDF")
    assert send(world, saturday, MIDNIGHT, inbox[1]) == Sent(0, 0, 0)
    assert owner.post(path, json={"from": "2026-03-06", "to": "2026-03-02"}).json()["reason"] == "bad_range"


def test_a_saved_report_is_changed_by_who_knows_what_it_is(saturday: Chain, owner: httpx.Client, world: World) -> None:
    saved = save(owner, schedule="none", hour_from=6, hour_to=10)
    path = f"/v1/saved-reports/{saved['saved_report_id']}"
    tag = owner.get(path).headers["etag"]
    world.clock.pass_by(60)
    changed = owner.patch(path, json={"schedule": "monthly"}, headers={"If-Match": tag}).json()
    assert changed["scheduled_at"] > saved["scheduled_at"]
    assert owner.patch(path, json={"name": "late"}, headers={"If-Match": tag}).status_code == 412
    assert owner.patch(path, json={"hour_to": None}).json()["reason"] == "bad_band"
    assert owner.patch(path, json={"name": None}).json()["reason"] == "saved_report_setup"
    assert owner.patch(path, json={"site_ids": [str(new_id())]}).status_code == 404
    assert owner.patch(path, json={"recipient_ids": [str(new_id())]}).status_code == 404
    assert owner.patch(path, json={"hour_from": None, "hour_to": None, "bucket": "week"}).json()["bucket"] == "week"
    send(world, saturday, MIDNIGHT)
    assert owner.delete(path).status_code == 204
    assert owner.get(path).status_code == 404
