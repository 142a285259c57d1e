"""The link the station wants: online or not, where to, and when to begin a new one (DESIGN § 2.1)."""

from collections.abc import Callable

from desktop_sim.station.configuration import Configuration
from desktop_sim.station.kernel import Kernel
from desktop_sim.station.links import LinkWanted
from desktop_sim.station.profile import StationProfile
from desktop_sim.station.switches import Switches


class LinkWish:
    """What the driver is to make true.

    Attributes:
        online: whether somebody wants the station to be connected.
        url: the central system's address, a record once it was changed by command.
        state: what the driver last told of it: offline, connecting, up or down.
        address: what the driver last tried, fit to be shown: credentials are taken out (WS-13).
        on_moved: called when another central system is to be connected to.
    """

    def __init__(
        self, kernel: Kernel, configuration: Configuration, switches: Switches, profile: StationProfile
    ) -> None:
        self._kernel = kernel
        self._configuration = configuration
        self._switches = switches
        self._profile = profile
        self.online = profile.connection.connect_at_start
        self.url: str = kernel.load("link", "url", str, profile.connection.url)
        self.state = "offline"
        self.address = ""
        self.on_moved: Callable[[], None] = _nothing
        self.subprotocol = ""
        self.reason = ""
        self._generation = 1
        self._drop = False
        self._close_code = 1000

    def follow(self, before: "LinkWish") -> None:
        """Go on after a factory reset: whatever link there is belongs to the past."""
        self._generation = before._generation
        self.renew(1001)

    def go_online(self, url: str | None) -> None:
        """Connect, perhaps somewhere else from now on."""
        if url is not None and url != self.url:
            self.url = url
            self._kernel.store("link", "url", url)
            self.on_moved()
        self.online = True
        self.renew(1000)

    def arrived(self) -> None:
        """The link stands; how the one before it ended no longer matters."""
        self._drop, self._close_code = False, 1000

    def go_offline(self) -> None:
        """Close and stay away."""
        self.online = False
        self._drop, self._close_code = False, 1000

    def renew(self, close_code: int) -> None:
        """Close what there is, then connect anew."""
        self._generation += 1
        self._drop, self._close_code = False, close_code

    def cut(self) -> None:
        """As `renew`, but the other side sees no close frame."""
        self._generation += 1
        self._drop = True

    def wanted(self, *, possible: bool) -> LinkWanted:
        """The plain value; `possible` is False without power or while a rejected station stays away."""
        connection = self._profile.connection
        tolerate = connection.tolerate_missing_subprotocol or self._switches.is_on(
            "SW-TOLERATE-NO-SUBPROTOCOL"
        )
        has_ping = self._configuration.has("WebSocketPingInterval")
        return LinkWanted(
            open=self.online and possible and bool(self.url),
            generation=self._generation,
            drop=self._drop,
            close_code=self._close_code,
            url=self.url,
            identity=self._profile.identity.charge_point_id,
            security_profile=connection.security_profile,
            authorization_key=self._configuration.text("AuthorizationKey") or None,
            ping_interval=self._configuration.number("WebSocketPingInterval") if has_ping else 0,
            tolerate_missing_subprotocol=tolerate,
        )


def _nothing() -> None:
    """Nobody has asked to be told."""
