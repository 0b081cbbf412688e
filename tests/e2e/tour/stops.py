"""Every page and dialog of the portal, as a round that screenshots and axe both follow."""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

from playwright.sync_api import Error, Page

from regulars.store.users import Role

Language = Literal["vi", "en"]


@dataclass(frozen=True, slots=True)
class Look:
    """How the portal is looked at: language, width and height in CSS pixels, dark or light."""

    language: Language
    width: int
    height: int
    dark: bool

    def __str__(self) -> str:
        return f"{self.width}-{self.language}-{'dark' if self.dark else 'light'}"


LOOKS = (
    Look("vi", 360, 780, dark=True),
    Look("en", 1280, 900, dark=False),
    Look("vi", 3840, 2160, dark=False),
)
"""Each width, both languages, dark and light: what a round shows unless all is asked for."""
WIDTHS = ((360, 780), (1280, 900), (3840, 2160))
ALL_LOOKS = tuple(
    Look(language, *size, dark=dark) for size in WIDTHS for language in ("vi", "en") for dark in (False, True)
)


@dataclass(frozen=True, slots=True)
class Stop:
    """A page, or a dialog of it.

    `path` may name a list of the gateway in braces: the id of its first item stands there, and where the list is empty
    the stop is left out. `presses` are the names of buttons, in either language, that lead from the page to the dialog.
    """

    name: str
    path: str
    role: Role | None = "owner"
    presses: tuple[str, ...] = ()


LISTS = {
    "visit": ("/v1/visits?status=returning", "visit_id"),
    "customer": ("/v1/customers", "customer_id"),
    "staff": ("/v1/staff", "staff_id"),
    "camera": ("/v1/cameras", "camera_id"),
    "site": ("/v1/sites", "site_id"),
    "user": ("/v1/users?role=manager", "user_id"),
    "webhook": ("/v1/webhooks", "webhook_id"),
    "tenant": ("/v1/tenants", "tenant_id"),
}

NOWHERE = "/nothing-here"
OUTSIDE = (
    Stop("sign-in", "/sign-in", None),
    Stop("forgotten", "/forgotten", None),
    Stop("password-link", "/password#token=none", None),
)
OF_THE_CHAIN = (
    Stop("today", "/today"),
    Stop("live", "/live"),
    Stop("visits", "/visits"),
    Stop("visits-table", "/visits?view=table"),
    Stop("visit", "/visits/{visit}"),
    Stop("visit-not-this-person", "/visits/{visit}", presses=("Không phải người này|Not this person",)),
    Stop("visit-staff", "/visits/{visit}", presses=("Đây là nhân viên|This is staff",)),
    Stop("customers", "/customers"),
    Stop("customer", "/customers/{customer}"),
    Stop("customer-edit", "/customers/{customer}", presses=("Sửa thông tin|Edit details",)),
    Stop("customer-merge", "/customers/{customer}", presses=("Gộp với khách khác|Merge with another",)),
    Stop("customer-split", "/customers/{customer}", presses=("Tách thành hai khách|Split into two",)),
    Stop("customer-consent", "/customers/{customer}", presses=("Ghi nhận lời khách|Note what they said",)),
    Stop("customer-objects", "/customers/{customer}", presses=("Khách phản đối.*|Customer objects.*",)),
    Stop("customer-erase", "/customers/{customer}", presses=("Xóa khách này|Erase this customer",)),
    Stop("customers-find", "/customers/find"),
    Stop("customers-merges", "/customers/merges"),
    Stop("staff", "/staff"),
    Stop("staff-new", "/staff", presses=("Thêm nhân viên|Add staff",)),
    Stop("staff-member", "/staff/{staff}"),
    Stop("cameras", "/cameras"),
    Stop("camera-new", "/cameras/new"),
    Stop("camera", "/cameras/{camera}"),
    Stop("camera-delete", "/cameras/{camera}", presses=("Xóa camera|Delete the camera",)),
    Stop("reports", "/reports"),
    Stop("reports-year", "/reports?range=12m&bucket=month"),
    Stop("reports-save", "/reports", presses=("Lưu và hẹn báo cáo|Save and schedule",)),
    Stop("reports-saved", "/reports", presses=("Báo cáo đã lưu|Saved reports",)),
    Stop("sites", "/sites"),
    Stop("site-new", "/sites/new"),
    Stop("site", "/sites/{site}"),
    Stop("site-end", "/sites/{site}", presses=("Đóng hoặc xóa…|Close or delete…",)),
    Stop("users", "/users"),
    Stop("user-invite", "/users", presses=("Mời người dùng|Invite somebody",)),
    Stop("user", "/users/{user}"),
    Stop("user-delete", "/users/{user}", presses=("Xóa tài khoản|Delete the account",)),
    Stop("keys", "/keys"),
    Stop("key-new", "/keys", presses=("Tạo khóa|Make a key",)),
    Stop("webhooks", "/webhooks"),
    Stop("webhook-new", "/webhooks", presses=("Thêm webhook|Add a webhook",)),
    Stop("webhook", "/webhooks/{webhook}"),
    Stop("audit", "/audit"),
    Stop("objections", "/objections"),
    Stop("privacy", "/privacy"),
    Stop("privacy-leave", "/privacy", presses=("Rời khỏi nền tảng…|Leave the platform…",)),
    Stop("account", "/account"),
    Stop("start", "/start"),
    Stop("no-such-page", NOWHERE),
)
OF_OTHERS = (
    Stop("manager-today", "/today", "manager"),
    Stop("manager-customer", "/customers/{customer}", "manager"),
    Stop("manager-may-not", "/users", "manager"),
    Stop("analyst-today", "/today", "analyst"),
    Stop("analyst-reports", "/reports", "analyst"),
)
OF_THE_PLATFORM = (
    Stop("operator-tenants", "/tenants", "operator"),
    Stop("operator-tenant-new", "/tenants", "operator", presses=("Mở chuỗi mới|Open a chain",)),
    Stop("operator-tenant", "/tenants/{tenant}", "operator"),
    Stop("operator-system", "/system", "operator"),
    Stop("operator-users", "/users", "operator"),
    Stop("operator-account", "/account", "operator"),
)
STOPS = OUTSIDE + OF_THE_CHAIN + OF_OTHERS + OF_THE_PLATFORM

GOES = """path => { history.pushState(null, "", path); dispatchEvent(new PopStateEvent("popstate")); }"""
IS_NOWHERE = "there => !!document.querySelector('main > .ant-result-404') === there"
STANDS_STILL = """() => !document.querySelector("[role=status].p-4, .ant-skeleton-active, .ant-spin-spinning")
    && [...document.images].every((one) => one.complete)
    && document.getAnimations().every(
        (one) => one.playState !== "running" || one.effect.getComputedTiming().endTime === Infinity)"""


def first_ids(page: Page) -> dict[str, str]:
    """Return the id of the first item of each list that this login may see and that has one."""
    found = dict[str, str]()
    for name, (path, key) in LISTS.items():
        answer = page.request.get(path)
        items: list[dict[str, str]] = answer.json()["items"] if answer.ok else []
        if items:
            found[name] = items[0][key]
    return found


def at_stops(page: Page, stops: tuple[Stop, ...], ids: dict[str, str], look: Look) -> Iterator[tuple[Stop, str | None]]:
    """Open each stop that this login's chain has something for; yield it when it is drawn, with what could not be."""
    page.set_viewport_size({"width": look.width, "height": look.height})
    page.emulate_media(color_scheme="dark" if look.dark else "light", reduced_motion="reduce")
    page.evaluate("language => localStorage.setItem('regulars.language', language)", look.language)
    page.goto(NOWHERE)
    for stop in stops:
        wanted = re.findall(r"\{(\w+)\}", stop.path)
        if all(name in ids for name in wanted):
            yield stop, _fault_at_opening(page, stop, stop.path.format(**ids))


def go(page: Page, path: str) -> None:
    """Show another page of the portal without loading it anew, as a link does; what was shown before is closed."""
    for place in dict.fromkeys((NOWHERE, path)):
        page.evaluate(GOES, place)
        page.wait_for_function(IS_NOWHERE, arg=place == NOWHERE)


def _fault_at_opening(page: Page, stop: Stop, path: str) -> str | None:
    try:
        if stop.role:
            go(page, path)
        else:
            page.goto("about:blank")  # a path that differs in its fragment only would not be loaded anew
            page.goto(path)
        page.locator("h1, .ant-result").first.wait_for()
        for press in stop.presses:
            page.wait_for_function(STANDS_STILL)
            page.get_by_role("button", name=re.compile(rf"(?:^|\s)(?:{press})$")).first.click()
            page.get_by_role("dialog").first.wait_for()
    except Error as failure:
        return f"could not be opened: {failure.message.splitlines()[0]}"
    with suppress(Error):  # a picture that never comes is to be seen, too
        page.wait_for_function(STANDS_STILL, timeout=8_000)
    return None
