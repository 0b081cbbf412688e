"""Which IP addresses are the public internet; asked for webhooks and for cameras of shared workers."""

import ipaddress

_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def is_public(address: str) -> bool:
    """Say whether this IP address is on the public internet, also when it carries an IPv4 address inside of it.

    Raises ValueError for what is no IP address.
    """
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        if found.sixtofour or found.teredo:
            return False
        carried = found.ipv4_mapped or (ipaddress.IPv4Address(int(found) & 0xFFFFFFFF) if found in _NAT64 else None)
        found = carried or found
    return found.is_global and not found.is_multicast and not found.is_reserved
