"""What the gateway's contract tests stand on."""

from tests.integration.gateway.conftest import gateway_settings, world

__all__ = ["gateway_settings", "world"]
