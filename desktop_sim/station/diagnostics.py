"""GetDiagnostics: one file with what helps to find a fault, uploaded to where the central system says (FW-DIAG)."""

from typing import Any

import msgspec
from msgspec import UNSET

from desktop_sim.protocol.firmware_management import (
    DiagnosticsStatusNotificationRequest,
    GetDiagnosticsRequest,
    GetDiagnosticsResponse,
)
from desktop_sim.protocol.times import parse_time
from desktop_sim.protocol.types import DiagnosticsStatus
from desktop_sim.station.configuration import Configuration
from desktop_sim.station.jobs import Outcome
from desktop_sim.station.kernel import Kernel
from desktop_sim.station.rpc import Rpc
from desktop_sim.station.switches import Switches
from desktop_sim.station.transfers import Transfers

JOB = "diagnostics"


class Upload(msgspec.Struct, kw_only=True):
    """An upload under way; a record. Times are UTC µs, None where the request names none."""

    location: str
    file_name: str
    retries: int | None = None
    interval: int | None = None
    oldest: int | None = None
    newest: int | None = None


class Diagnostics:
    """The diagnostics of a station: at most one upload at a time."""

    def __init__(
        self,
        kernel: Kernel,
        configuration: Configuration,
        switches: Switches,
        rpc: Rpc,
        transfers: Transfers,
        identity: str,
    ) -> None:
        self._kernel = kernel
        self._configuration = configuration
        self._switches = switches
        self._rpc = rpc
        self._transfers = transfers
        self._identity = identity
        self._upload: Upload | None = kernel.load("diagnostics", "upload", Upload, None)
        self._untold: DiagnosticsStatus | None = kernel.load("diagnostics", "untold", DiagnosticsStatus, None)

    @property
    def status(self) -> DiagnosticsStatus:
        """What a triggered notification says (RT-6)."""
        return DiagnosticsStatus.Uploading if self._upload else DiagnosticsStatus.Idle

    def power_up(self) -> None:
        """A boot: an upload that was under way begins again."""
        if self._upload:
            self._begin(self._upload)

    def on_get_diagnostics(self, request: GetDiagnosticsRequest) -> GetDiagnosticsResponse:
        """The name of the file leaves before the upload begins (FW-DIAG-1, FW-DIAG-6)."""
        stamp = self._kernel.timestamp().replace(":", "").replace("-", "")[:15]
        who = "".join(c if c.isalnum() or c in "-_." else "_" for c in self._identity)
        upload = Upload(
            location=request.location,
            file_name=f"{who[:200]}-{stamp}.zip",
            retries=None if request.retries is UNSET else request.retries,
            interval=None if request.retry_interval is UNSET else request.retry_interval,
            oldest=None if request.start_time is UNSET else parse_time(request.start_time),
            newest=None if request.stop_time is UNSET else parse_time(request.stop_time),
        )
        self._kernel.afterwards(lambda: self._take(upload))
        return GetDiagnosticsResponse(file_name=upload.file_name)

    def reconnected(self) -> None:
        """Tell what could not be told: the newest status."""
        if self._untold:
            self._tell(self._untold)

    def report(self) -> None:
        """Tell the present status because somebody asked (RT-6)."""
        self._rpc.call(DiagnosticsStatusNotificationRequest(status=self.status), always=True)

    # --- inside ---

    def _take(self, upload: Upload) -> None:
        """A second request gives the first one up (FW-DIAG-5)."""
        if self._upload:
            self._transfers.cancel(JOB)
            self._tell(DiagnosticsStatus.UploadFailed)
        self._upload = upload
        self._kernel.store("diagnostics", "upload", upload)
        self._tell(DiagnosticsStatus.Uploading)
        self._begin(upload)

    def _begin(self, upload: Upload) -> None:
        if self._switches["SW-DIAGNOSTICS-FAIL"] == "upload":
            self._kernel.after(1, lambda: self._done(Outcome(ok=False, sentence="It fails on purpose.")))
            return
        self._transfers.begin(
            JOB,
            "upload diagnostics",
            self._arguments(upload),
            retries=upload.retries,
            interval=upload.interval,
            then=self._done,
        )

    def _arguments(self, upload: Upload) -> dict[str, Any]:
        """What the worker needs beside trace and log, which it has; secrets are not among it (FW-DIAG-3)."""
        return {
            "url": upload.location,
            "file_name": upload.file_name,
            "oldest": upload.oldest,
            "newest": upload.newest,
            "configuration": self._configuration.shown(),
            "switches": self._switches.all(),
        }

    def _done(self, outcome: Outcome) -> None:
        if self._upload is None:
            return
        self._upload = None
        self._kernel.forget("diagnostics", "upload")
        if not outcome.ok:
            self._kernel.log("warning", f"The diagnostics could not be uploaded: {outcome.sentence}")
        self._tell(DiagnosticsStatus.Uploaded if outcome.ok else DiagnosticsStatus.UploadFailed)

    def _tell(self, status: DiagnosticsStatus) -> None:
        """Send the status, or keep the newest one until it can be sent (A.1, row 4)."""
        if self._rpc.open:
            self._untold = None
            self._kernel.forget("diagnostics", "untold")
            self._rpc.call(DiagnosticsStatusNotificationRequest(status=status))
        else:
            self._untold = status
            self._kernel.store("diagnostics", "untold", status)
