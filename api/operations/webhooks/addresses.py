"""Which addresses may be called: public ones only, and none that hides another one inside.

Whoever registers an endpoint must not reach what only this server reaches: itself, its neighbours,
or the cloud's metadata service.
"""

from __future__ import annotations

from collections.abc import Collection
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# Never, even if an installation opens a network that holds them.
_NEVER = tuple(
    ip_network(text)
    for text in (
        "0.0.0.0/8",  # this network
        "169.254.0.0/16",  # link-local, with the metadata service of most clouds
        "168.63.129.16/32",  # a cloud's host seen from inside; the address looks public
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
        "::/128",  # unspecified
        "fd00:ec2::254/128",  # a metadata service inside of the unique local range
        "fe80::/10",  # link-local
        "ff00::/8",  # multicast
    )
)
_NOT_PUBLIC = tuple(
    ip_network(text)
    for text in (
        "10.0.0.0/8",  # RFC 1918
        "100.64.0.0/10",  # carrier-grade NAT
        "127.0.0.0/8",  # loopback
        "172.16.0.0/12",  # RFC 1918
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # RFC 1918
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
    )
)
_UNICAST = IPv6Network("2000::/3")
# Inside of global unicast: ranges that carry an IPv4 address or lead nowhere.
_NOT_PUBLIC_UNICAST = tuple(
    IPv6Network(text)
    for text in (
        "2001::/23",  # Teredo, ORCHID and other protocol assignments
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4
        "3fff::/20",  # documentation
    )
)


def network(text: str) -> Network:
    """A network from its text.

    Raises:
        ValueError: it is none.
    """
    return ip_network(text)


def may_be_called(text: str, own: Collection[Network] = ()) -> bool:
    """Whether an address may be called: public, or in a network that the installation opened."""
    try:
        address = ip_address(text)
    except ValueError:
        return False
    if _within(address, _NEVER) or getattr(address, "scope_id", None):
        return False
    return _within(address, own) or _public(address)


def _public(address: Address) -> bool:
    """IPv6 is public inside of global unicast only: mapped, compatible, NAT64 and unique local ranges are outside."""
    if isinstance(address, IPv4Address):
        return address.is_global and not _within(address, _NOT_PUBLIC)
    return address.is_global and address in _UNICAST and not _within(address, _NOT_PUBLIC_UNICAST)


def _within(address: Address, networks: Collection[Network]) -> bool:
    return any(address.version == one.version and address in one for one in networks)
