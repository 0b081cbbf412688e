"""A real Chromium in front of a real nginx."""

from tests.e2e.live_page.conftest import browser
from tests.integration.gateway.conftest import chain, gateway_settings, world

__all__ = ["browser", "chain", "gateway_settings", "world"]
