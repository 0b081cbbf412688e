"""What these tests stand on: the gateway of the gateway's tests, and the clips of the worker's."""

from tests.integration.gateway.conftest import chain, gateway_settings, world
from tests.integration.worker.conftest import cast, finder, media

__all__ = ["cast", "chain", "finder", "gateway_settings", "media", "world"]
