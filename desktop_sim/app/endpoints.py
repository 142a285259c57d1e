"""From the link a station wants to the connection that is opened: files, certificates and key put in their places."""

from collections.abc import Callable
from pathlib import Path
from typing import cast

from desktop_sim.station.links import LinkWanted
from desktop_sim.station.profile import Connection, StationProfile
from desktop_sim.transport.endpoint import Endpoint, PasswordForm, password_bytes


def endpoint_maker(
    profile: StationProfile, password_form: Callable[[], str]
) -> Callable[[LinkWanted], Endpoint]:
    """Makes the endpoint for what a station of this profile wants; `password_form` says how its key is read (WS-14)."""

    def make(wanted: LinkWanted) -> Endpoint:
        return endpoint_of(profile.connection, wanted, cast("PasswordForm", password_form()))

    return make


def endpoint_of(connection: Connection, wanted: LinkWanted, form: PasswordForm = "auto") -> Endpoint:
    """The endpoint for a wanted link. Raises AddressProblem for a key that cannot be read as `form` says."""
    key = wanted.authorization_key
    return Endpoint(
        url=wanted.url,
        identity=wanted.identity,
        password=password_bytes(key, form) if key else None,
        ca_file=_path(connection.ca_file),
        client_certificate_file=_path(connection.client_certificate_file),
        client_key_file=_path(connection.client_key_file),
        verify_host_name=connection.verify_host_name,
        allow_wildcards=connection.allow_wildcard_certificates,
        proxy=connection.proxy,
        security_profile=wanted.security_profile,
        ping_interval=wanted.ping_interval,
        compression=connection.compression,
        tolerate_missing_subprotocol=wanted.tolerate_missing_subprotocol,
    )


def _path(name: str) -> Path | None:
    return Path(name) if name else None
