"""Which proxy stands between the station and the central system, if any (WS-15)."""

from __future__ import annotations

import ipaddress
from urllib.request import getproxies, proxy_bypass


def proxy_for(choice: str, secure: bool, host: str, port: int) -> str | None:
    """The address of the proxy to use, or None for a direct connection.

    `choice` is "none", the address of a proxy, or "environment": then the system's settings decide (wss_proxy or
    ws_proxy, https_proxy, http_proxy, all_proxy, no_proxy). This machine itself is never reached through a proxy.
    """
    if choice == "none" or (choice == "environment" and (_is_here(host) or proxy_bypass(f"{host}:{port}"))):
        return None
    if choice != "environment":
        return _with_scheme(choice)
    known = getproxies()
    for name in ("wss", "socks", "https", "all") if secure else ("ws", "socks", "https", "http", "all"):
        if found := known.get(name):
            # Some systems declare a SOCKS proxy with the scheme of a web proxy.
            return found.replace("http://", "socks5h://", 1) if name == "socks" else _with_scheme(found)
    return None


def _is_here(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


def _with_scheme(proxy: str) -> str:
    return proxy if "://" in proxy else f"http://{proxy}"
