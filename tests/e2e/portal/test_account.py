"""One's own account in a real browser: password, devices, the second step, the language."""

import pytest
from playwright.sync_api import expect
from pyotp.totp import TOTP

from tests.e2e.portal.conftest import Opens, faults_found, is_too_wide
from tests.integration.gateway.conftest import PASSWORD, Chain, World


@pytest.mark.parametrize("language", ["vi-VN", "en-US"])
def test_it_fits_a_phone_in_both_languages(opens: Opens, language: str) -> None:
    with opens("/account", "manager", language=language, width=360, dark=True) as page:
        page.get_by_role("heading", name="Tài khoản của tôi" if language == "vi-VN" else "My account").wait_for()
        page.get_by_text("Thiết bị này" if language == "vi-VN" else "This device").wait_for()
        assert not is_too_wide(page)
        assert faults_found(page) == []
        page.get_by_text("English" if language == "vi-VN" else "Tiếng Việt", exact=True).last.click()
        page.get_by_role("heading", name="My account" if language == "vi-VN" else "Tài khoản của tôi").wait_for()


def test_the_password_is_changed_and_another_device_is_logged_out(opens: Opens, world: World, chain: Chain) -> None:
    world.clock.pass_by(1)
    elsewhere = world.logged_in(chain.emails["owner"])
    with opens("/account", "owner") as page:
        page.get_by_role("button", name="Log this device out").click()
        page.get_by_text("That device is logged out").wait_for()
        page.get_by_role("button", name="Log this device out").wait_for(state="detached")
        assert elsewhere.post("/v1/auth/refresh").status_code == 401
        form = page.get_by_role("region", name="Change password")
        form.get_by_label("Present password").fill(PASSWORD)
        form.get_by_label("New password").fill("another good sentence")
        page.keyboard.press("Enter")
        page.get_by_text("Your password is changed.").wait_for()


def test_a_second_step_is_set_up_and_switched_off(opens: Opens, world: World) -> None:
    with opens("/account", "owner") as page:
        part = page.get_by_role("region", name="Second step at login")
        part.get_by_role("button", name="Set up the second step").click()
        part.get_by_label("Present password").fill(PASSWORD)
        page.keyboard.press("Enter")
        secret = part.locator(".ant-typography code").inner_text().replace(" ", "")
        expect(part.locator(".ant-qrcode svg")).to_have_count(1)
        assert faults_found(page) == []
        part.get_by_label("2. Enter the 6-digit code").fill(TOTP(secret).at(world.clock()))
        page.keyboard.press("Enter")
        expect(part.get_by_role("listitem")).to_have_count(10)
        codes = part.get_by_role("listitem").all_inner_texts()
        part.get_by_label("I have put them away").check()
        part.get_by_role("button", name="Go on").click()
        part.get_by_role("button", name="Switch the second step off").click()
        part.get_by_label("Present password").fill(PASSWORD)
        part.get_by_label("Code of the app").fill(codes[0])
        page.keyboard.press("Enter")
        part.get_by_role("button", name="Set up the second step").wait_for()
