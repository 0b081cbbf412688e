"""Webhooks: when they are tried again, how they are signed, and which addresses are on the public internet."""

from datetime import UTC, datetime, timedelta

import pytest

from regulars.adapters.webhooks_http import HttpWebhooks
from regulars.domain.addresses import is_public
from regulars.domain.webhooks import MOST_TRIES, event_id, next_try, sign, write_secret
from regulars.errors import InputRefused
from regulars.ids import new_id

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_tries_spread_over_a_day_and_end() -> None:
    waits: list[timedelta] = []
    at: datetime | None = NOW
    while (following := next_try(len(waits) + 1, at or NOW, 0.5)) is not None:
        waits.append(following - (at or NOW))
        at = following
    assert waits[0] == timedelta(seconds=5)
    assert waits == sorted(waits)
    assert len(waits) == MOST_TRIES - 1
    assert timedelta(hours=24) < sum(waits, timedelta()) < timedelta(hours=27)


def test_those_who_failed_together_do_not_come_back_together() -> None:
    early, late = next_try(3, NOW, 0.0), next_try(3, NOW, 1.0)
    assert early is not None
    assert late is not None
    assert (early - NOW, late - NOW) == (timedelta(seconds=64), timedelta(seconds=96))


def test_a_signature_is_the_one_that_standard_webhooks_has_as_an_example() -> None:
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    at = datetime.fromtimestamp(1614265330, UTC)
    told = sign(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", at, b'{"test": 2432232314}')
    assert told == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert sign(write_secret(b"k" * 32), "id", at, b"") != sign(write_secret(b"l" * 32), "id", at, b"")


def test_an_event_has_one_id_however_often_it_is_found() -> None:
    visit_id = new_id()
    assert event_id("visit.started", visit_id) == event_id("visit.started", visit_id)
    assert event_id("visit.started", visit_id) != event_id("regular.returned", visit_id)


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "224.0.0.1"),
        *("255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:10.0.0.1"),
        *("::ffff:169.254.169.254", "64:ff9b::a00:1", "2002:a00:1::", "2001:0:a00:1::", "::127.0.0.1", "0.0.0.1"),
    ],
)  # fmt: skip
def test_addresses_inside_are_known_in_every_disguise(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:4700::1111", "::ffff:93.184.216.34", "64:ff9b::5db8:d822"])
def test_addresses_outside_are_let_through(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        *("http://example.com/", "https://localhost/", "https://127.0.0.1/", "https://[::1]/", "https://2130706433/"),
        *("https://user:secret@example.com/", "https://example.com/#part", "ftp://example.com/", "https://", "nothing"),
        *("https://db.internal/", "https://intranet/", "https://example.com/a b", "https://example.com:99999/"),
        *("https://[example/", "https://example.com/\r\nX: 1", "https://phở.vn/"),
    ],
)  # fmt: skip
def test_a_url_that_nothing_should_be_sent_to_is_refused(url: str) -> None:
    with pytest.raises(InputRefused) as refused:
        HttpWebhooks(inside_too=False).refuse_url(url)
    assert refused.value.reason == "webhook_url"


def test_on_one_machine_a_receiver_may_be_beside_it() -> None:
    HttpWebhooks(inside_too=True).refuse_url("http://127.0.0.1:8080/hook")
    HttpWebhooks(inside_too=False).refuse_url("https://example.com:8443/hook?shop=1")
