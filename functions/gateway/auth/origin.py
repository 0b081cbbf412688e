"""Where a request comes from, as tries are counted by it."""

import ipaddress

from fastapi import Request

_OWN_BITS = 64
"""Whoever has one address of IPv6 has all of its network (RFC 4291, 2.5.1), and may come from another each time."""


def origin_of(request: Request) -> str:
    """Return the caller's IPv4 address, or the network of the IPv6 one; empty when nobody knows it."""
    host = request.client.host if request.client else ""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    mapped = address.ipv4_mapped
    return str(mapped or ipaddress.ip_network((address, _OWN_BITS), strict=False))
