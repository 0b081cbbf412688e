"""Coming in, in a real browser: the second step, the links that are good once, and what must be done first."""

from playwright.sync_api import Page, expect
from pyotp.totp import TOTP

from regulars.store.session import transaction
from regulars.store.tenants import change_tenant
from regulars.store.users import find_user_by_email, set_password_hash
from regulars.tenancy import PLATFORM
from tests.e2e.portal.conftest import Opens, faults_found, is_too_wide
from tests.integration.gateway.conftest import PASSWORD, Chain, World

NEW = "một câu dài dễ nhớ"


def log_in(page: Page, email: str, password: str = PASSWORD) -> None:
    page.get_by_label("E-mail").fill(email)
    page.locator("input[type=password]").fill(password)
    page.keyboard.press("Enter")


def test_who_is_invited_chooses_a_password_and_comes_in(opens: Opens, world: World, chain: Chain) -> None:
    owner = world.logged_in(chain.emails["owner"])
    email = f"mai-{chain.tenant_id.hex}@example.com"
    invited = owner.post("/v1/users", json={"email": email, "role": "analyst"}).json()
    link = "/" + invited["link"].partition("://")[2].partition("/")[2] if "://" in invited["link"] else invited["link"]
    with opens(link, None, language="vi-VN", width=360) as page:
        page.get_by_role("heading", name="Đặt mật khẩu").wait_for()
        page.get_by_label("Mật khẩu mới").fill("ngắn")
        page.keyboard.press("Enter")
        page.get_by_text("Mật khẩu cần ít nhất 10 ký tự.").wait_for()
        page.get_by_label("Mật khẩu mới").fill(NEW)
        assert not is_too_wide(page)
        assert faults_found(page) == []
        page.keyboard.press("Enter")
        page.get_by_text("Đã đặt mật khẩu mới. Hãy đăng nhập.").wait_for()
        expect(page.get_by_label("E-mail")).to_have_value(email)
        log_in(page, email, NEW)
        page.get_by_role("heading", name="Hôm nay").wait_for()
        page.goto(link)
        page.get_by_label("Mật khẩu mới").fill(NEW)
        page.keyboard.press("Enter")
        page.get_by_text("Liên kết này đã hết hạn").wait_for()


def test_a_forgotten_password_is_answered_alike_for_everybody(opens: Opens, chain: Chain) -> None:
    with opens("/sign-in", None) as page:
        page.get_by_role("link", name="Forgot your password?").click()
        page.get_by_role("heading", name="Forgotten password").wait_for()
        page.get_by_label("E-mail").fill("nobody@example.com")
        page.keyboard.press("Enter")
        page.get_by_text("Look into your mailbox").wait_for()
        assert faults_found(page) == []


def test_a_chain_that_asks_for_a_second_step_gets_it_before_all_else(opens: Opens, world: World, chain: Chain) -> None:
    with transaction(world.parts.engine, PLATFORM) as connection:
        change_tenant(connection, chain.tenant_id, second_factor_required=True)
    with opens("/users", None) as page:
        log_in(page, chain.emails["owner"])
        page.get_by_role("heading", name="Set up a second step").wait_for()
        page.get_by_role("button", name="Set up the second step").click()
        secret = page.locator(".ant-typography code").inner_text().replace(" ", "")
        assert faults_found(page) == []
        totp = TOTP(secret)
        page.get_by_label("2. Enter the 6-digit code").fill(totp.at(world.clock()))
        page.keyboard.press("Enter")
        recovery = page.get_by_role("region", name="Recovery codes").get_by_role("listitem").first.inner_text()
        page.get_by_label("I have put them away").check()
        page.get_by_role("button", name="Go on").click()
        page.get_by_role("heading", name="Users").wait_for()
        page.get_by_role("button", name="Log out").click()
        log_in(page, chain.emails["owner"])
        page.get_by_label("6-digit code").fill("000000")
        page.keyboard.press("Enter")
        page.get_by_role("alert").filter(has_text="The code is wrong").wait_for()
        page.get_by_role("button", name="Lost your phone?").click()
        page.get_by_label("Recovery code").fill(recovery)
        page.keyboard.press("Enter")
        page.get_by_role("link", name="Users").wait_for()


def test_a_printed_password_is_good_for_choosing_another(opens: Opens, world: World, chain: Chain) -> None:
    with transaction(world.parts.engine, PLATFORM) as connection:
        user = find_user_by_email(connection, chain.emails["analyst"])
        assert user is not None
        assert user.password_hash is not None
        set_password_hash(connection, user.user_id, user.password_hash, temporary_since=world.clock())
    with opens("/today", "analyst") as page:
        page.get_by_role("heading", name="Choose a password of your own").wait_for()
        page.get_by_label("Present password").fill("not this one")
        page.get_by_label("New password").fill(NEW)
        page.keyboard.press("Enter")
        page.get_by_role("alert").filter(has_text="The present password is wrong").wait_for()
        page.get_by_label("Present password").fill(PASSWORD)
        page.get_by_label("New password").fill(NEW)
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="Today").wait_for()


def test_what_the_company_provider_refused_is_told_at_the_login(opens: Opens) -> None:
    with opens("/?login_refused=no_account", None) as page:
        page.get_by_role("alert").filter(has_text="This e-mail was not invited here").wait_for()
