"""A real Chromium in front of a real nginx."""

from tests.e2e.portal.conftest import browser
from tests.integration.gateway.conftest import chain, gateway_settings, world

__all__ = ["browser", "chain", "gateway_settings", "world"]
