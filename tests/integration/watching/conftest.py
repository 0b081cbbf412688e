"""What these tests stand on: the gateway of the gateway's tests, and a worker that is told what to say."""

from tests.integration.gateway.conftest import chain, gateway_settings, world

__all__ = ["chain", "gateway_settings", "world"]
