"""Certificates for the tests of the transport, and no proxy of the machine they run on."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from .certificates import Authority, Issued


@dataclass
class Pki:
    """One authority that everybody trusts, a server certificate for this machine, and one for a station."""

    root: Authority
    server: Issued
    station: Issued


@pytest.fixture(scope="session")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    root = Authority(tmp_path_factory.mktemp("pki"))
    return Pki(root, root.issue("localhost", ("localhost", "127.0.0.1", "::1")), root.issue("SN-0001"))


@pytest.fixture(autouse=True)
def _no_proxy_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ws", "wss", "http", "https", "socks", "all", "no"):
        monkeypatch.delenv(f"{name}_proxy", raising=False)
        monkeypatch.delenv(f"{name}_proxy".upper(), raising=False)
