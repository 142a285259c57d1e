"""UpdateFirmware: fetched when it is time, installed when nobody charges, reported step by step (FW-UPD)."""

from typing import Literal

import msgspec
from msgspec import UNSET

from desktop_sim.protocol.firmware_management import (
    FirmwareStatusNotificationRequest,
    UpdateFirmwareRequest,
    UpdateFirmwareResponse,
)
from desktop_sim.protocol.times import parse_time
from desktop_sim.protocol.types import FirmwareStatus, Reason
from desktop_sim.station.boot import Boot
from desktop_sim.station.connectors import Connectors
from desktop_sim.station.jobs import Outcome
from desktop_sim.station.kernel import Kernel
from desktop_sim.station.reset import Reset
from desktop_sim.station.rpc import Rpc
from desktop_sim.station.switches import Switches
from desktop_sim.station.timers import Timer
from desktop_sim.station.transfers import Transfers

JOB = "firmware"
Stage = Literal["waiting", "downloading", "downloaded", "installing", "restarting"]
_SHOWN = {
    "downloading": FirmwareStatus.Downloading,
    "downloaded": FirmwareStatus.Downloaded,
    "installing": FirmwareStatus.Installing,
    "restarting": FirmwareStatus.Installing,
}


class Update(msgspec.Struct, kw_only=True):
    """An update under way; a record. `retrieve_at` is station time in µs, `sound` False for a bad image."""

    location: str
    retrieve_at: int
    retries: int | None = None
    interval: int | None = None
    stage: Stage = "waiting"
    version: str = ""
    sound: bool = True


class Firmware:
    """The station's firmware, and its update, at most one at a time."""

    def __init__(
        self,
        kernel: Kernel,
        connectors: Connectors,
        switches: Switches,
        rpc: Rpc,
        boot: Boot,
        reset: Reset,
        transfers: Transfers,
    ) -> None:
        self._kernel = kernel
        self._connectors = connectors
        self._switches = switches
        self._rpc = rpc
        self._boot = boot
        self._reset = reset
        self._transfers = transfers
        self._update: Update | None = kernel.load("firmware", "update", Update, None)
        self._next: Update | None = kernel.load("firmware", "next", Update, None)
        self._untold: FirmwareStatus | None = kernel.load("firmware", "untold", FirmwareStatus, None)
        self._timer: Timer | None = None
        version: str = kernel.load("firmware", "version", str, "")
        if version:
            boot.firmware_version = version

    # --- what is true ---

    @property
    def occupies(self) -> bool:
        """Whether connectors are kept free for the installation (FW-UPD-5)."""
        return self._update is not None and self._update.stage in ("downloaded", "installing", "restarting")

    @property
    def status(self) -> FirmwareStatus:
        """What a triggered notification says: Idle unless something goes on (FW-UPD-6, RT-6)."""
        return _SHOWN.get(self._update.stage, FirmwareStatus.Idle) if self._update else FirmwareStatus.Idle

    # --- what happens ---

    def power_up(self) -> None:
        """A boot: go on where it was; after the restart of an installation the new version runs."""
        self._timer = None
        stage = self._update.stage if self._update else None
        if stage == "restarting":
            self._install_done()
        elif stage in ("waiting", "downloading"):
            self._wait()
        elif stage == "installing":
            self._enter("downloaded")
        self._connectors.updating = self.occupies

    def on_update_firmware(self, request: UpdateFirmwareRequest) -> UpdateFirmwareResponse:
        """The empty answer leaves at once (FW-UPD-1)."""
        update = Update(
            location=request.location,
            retrieve_at=parse_time(request.retrieve_date),
            retries=None if request.retries is UNSET else request.retries,
            interval=None if request.retry_interval is UNSET else request.retry_interval,
        )
        self._kernel.afterwards(lambda: self._take(update))
        return UpdateFirmwareResponse()

    def refresh(self) -> None:
        """Install as soon as nobody charges or is about to (FW-UPD-5); keep the others away meanwhile."""
        self._connectors.updating = self.occupies
        update = self._update
        if (
            update
            and update.stage == "downloaded"
            and not any(c.transaction or c.grant for c in self._connectors)
        ):
            self._enter("installing")
            self._tell(FirmwareStatus.Installing)
            self._timer = self._kernel.after(self._switches.number("SW-INSTALL-SECONDS"), self._installed)

    def clock_changed(self) -> None:
        """The time of retrieval is an absolute one."""
        if self._update and self._update.stage == "waiting":
            self._wait()

    def reconnected(self) -> None:
        """Tell what could not be told: the newest status."""
        if self._untold:
            self._tell(self._untold)
        self._follow()

    def report(self) -> None:
        """Tell the present status because somebody asked (RT-6)."""
        self._rpc.call(FirmwareStatusNotificationRequest(status=self.status), always=True)

    # --- step by step ---

    def _take(self, update: Update) -> None:
        """A new request replaces one that waits or downloads; an installation is finished first (FW-UPD-7)."""
        if self._update and self._update.stage in ("installing", "restarting"):
            self._next = update
            self._kernel.store("firmware", "next", update)
            return
        self._transfers.cancel(JOB)
        self._update = update
        self._wait()

    def _wait(self) -> None:
        """Until the date of retrieval; a past one is now (FW-UPD-2)."""
        if self._timer:
            self._timer.cancel()
        self._enter("waiting")
        assert self._update is not None
        self._timer = self._kernel.at(
            max(self._kernel.now.sim, self._update.retrieve_at - self._kernel.offset), self._download
        )

    def _download(self) -> None:
        update = self._update
        assert update is not None
        self._enter("downloading")
        self._tell(FirmwareStatus.Downloading)
        arguments = {"url": update.location}
        if self._switches["SW-FIRMWARE-FAILS"] == "download":
            self._kernel.after(
                1, lambda: self._downloaded(Outcome(ok=False, sentence="It fails on purpose."))
            )
            return
        self._transfers.begin(
            JOB,
            "download",
            arguments,
            retries=update.retries,
            interval=update.interval,
            then=self._downloaded,
        )

    def _downloaded(self, outcome: Outcome) -> None:
        update = self._update
        if update is None or update.stage != "downloading":
            return
        if not outcome.ok:
            self._kernel.log("warning", f"The firmware could not be fetched: {outcome.sentence}")
            self._end(FirmwareStatus.DownloadFailed)
            return
        update.version = str(outcome.result.get("version") or "")[:50]
        update.sound = bool(outcome.result.get("size")) and not outcome.result.get("fails")
        self._enter("downloaded")
        self._tell(FirmwareStatus.Downloaded)

    def _installed(self) -> None:
        """The image is written: restart with it, or say that it is no good (FW-UPD-3, FW-UPD-8)."""
        update = self._update
        assert update is not None
        if not update.sound or self._switches["SW-FIRMWARE-FAILS"] == "install":
            self._end(FirmwareStatus.InstallationFailed)
            return
        self._enter("restarting")
        self._reset.begin(Reason.Reboot)

    def _install_done(self) -> None:
        update = self._update
        assert update is not None
        if update.version:
            self._boot.firmware_version = update.version
            self._kernel.store("firmware", "version", update.version)
        self._end(FirmwareStatus.Installed)

    def _end(self, status: FirmwareStatus) -> None:
        """It is over, one way or the other; the next one may come."""
        self._update = None
        self._kernel.forget("firmware", "update")
        self._tell(status)
        self._follow()

    def _follow(self) -> None:
        """The next one begins when the end of this one has been told."""
        if self._next and self._untold is None:
            following, self._next = self._next, None
            self._kernel.forget("firmware", "next")
            self._take(following)

    def _enter(self, stage: Stage) -> None:
        assert self._update is not None
        self._update.stage = stage
        self._kernel.store("firmware", "update", self._update)

    def _tell(self, status: FirmwareStatus) -> None:
        """Send the status, or keep the newest one until it can be sent (A.1, row 5)."""
        if self._rpc.open:
            self._untold = None
            self._kernel.forget("firmware", "untold")
            self._rpc.call(FirmwareStatusNotificationRequest(status=status))
        else:
            self._untold = status
            self._kernel.store("firmware", "untold", status)
