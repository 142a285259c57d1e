"""Pictures of the window in its states, light and dark, large and small; for looking at them, and for the documents.

The stations live in virtual time, so that the pictures are the same each time.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace
from PySide6.QtWidgets import QWidget

from desktop_sim.app.defaults import default_profile, demo_profile
from desktop_sim.app.options import StationOptions
from desktop_sim.app.workspace import Workspace
from desktop_sim.station import commands as c
from desktop_sim.station.profile import StationProfile
from desktop_sim.ui.application import Shell, end_shell, make_application, make_shell
from desktop_sim.ui.crashes import Crashes
from desktop_sim.ui.loop import PreciseLoop
from desktop_sim.ui.session import StationSession
from desktop_sim.ui.theme import Scheme, Theme
from desktop_sim.ui.virtual_station import VirtualStation

SMALL, LARGE = (960, 600), (1600, 1000)
LIMIT = {
    "connectorId": 1,
    "csChargingProfiles": {
        "chargingProfileId": 1,
        "stackLevel": 0,
        "chargingProfilePurpose": "TxDefaultProfile",
        "chargingProfileKind": "Relative",
        "chargingSchedule": {
            "chargingRateUnit": "A",
            "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 10.0}],
        },
    },
}


@dataclass(slots=True)
class World:
    """A station in virtual time with its session."""

    station: VirtualStation
    session: StationSession

    def run(self, seconds: float) -> None:
        """Let time pass, drawing the curves meanwhile."""
        self.station.run_for(seconds, self.session.refresh)


def world(profile: StationProfile | None = None) -> World:
    """A station that has booted."""
    station, session = VirtualStation(profile), StationSession()
    station.subscribe(session.hear)
    session.attach(station, None, station.central)
    made = World(station, session)
    made.run(3)
    return made


def idle(made: World) -> None:
    """Nothing happens."""
    made.run(20)


def charging(made: World) -> None:
    """A remote start, another current, a limit."""
    central = made.station.central
    central.call_now(made.station.identity, "RemoteStartTransaction", {"connectorId": 1, "idTag": "USER001"})
    made.run(18)
    made.station.do(c.Current(connector=1, amperes=24))
    made.run(15)
    central.call_now(made.station.identity, "SetChargingProfile", LIMIT)
    made.run(12)
    made.station.do(c.Current(connector=1, amperes=13.5))
    made.run(8)


def faulted(made: World) -> None:
    """A fault in the middle of a transaction."""
    charging(made)
    made.station.do(c.Error(connector=1, error_code="GroundFailure", info="residual current 34 mA"))
    made.run(6)


def without_power(made: World) -> None:
    """The mains is gone."""
    charging(made)
    made.station.do(c.PowerCut())
    made.run(4)


def busy(made: World) -> None:
    """Eight connectors in every state."""
    station = made.station
    for number in (1, 2, 3, 4):
        station.do(c.Start(connector=number, id_tag=f"USER00{number}"))
        made.run(4)
    station.do(c.SuspendEv(connector=2))
    station.do(c.SuspendEvse(connector=3))
    station.do(c.Stop(connector=4))
    station.do(c.PlugIn(connector=5))
    station.do(c.Error(connector=6, error_code="HighTemperature"))
    station.central.call_now(
        station.identity, "ChangeAvailability", {"connectorId": 7, "type": "Inoperative"}
    )
    made.run(2)


def eight() -> StationProfile:
    """A station with eight connectors and long names."""
    profile = default_profile()
    tags = ("USER001", "USER002", "USER003", "USER004", "Очень-длинная-метка1")
    return replace(profile, connectors=profile.connectors * 8, tags=tags)


@dataclass(frozen=True, slots=True)
class Scene:
    """One picture, taken in both palettes."""

    name: str
    size: tuple[int, int]
    story: Callable[[World], None] | None
    profile: Callable[[], StationProfile] = demo_profile
    panel: str = "traffic"


SCENES = (
    Scene("welcome", LARGE, None),
    Scene("idle", LARGE, idle),
    Scene("charging", LARGE, charging),
    Scene("charging-small", SMALL, charging),
    Scene("event-log", LARGE, charging, panel="events"),
    Scene("configuration", LARGE, charging, panel="configuration"),
    Scene("faulted", SMALL, faulted),
    Scene("no-power", SMALL, without_power),
    Scene("eight-connectors", SMALL, busy, profile=eight),
)


def render_gallery(folder: Path, scenes: tuple[Scene, ...] = SCENES) -> list[Path]:
    """Write the pictures; returns their files."""
    app = make_application()
    theme = Theme(app)
    folder.mkdir(parents=True, exist_ok=True)
    with asyncio.Runner(loop_factory=lambda: PreciseLoop(app)) as runner:
        return runner.run(_render(folder, theme, scenes))


async def _render(folder: Path, theme: Theme, scenes: tuple[Scene, ...]) -> list[Path]:
    files: list[Path] = []
    for scene in scenes:
        shell = make_shell(Workspace(), StationOptions(), Crashes(folder))
        made = None if scene.story is None else world(scene.profile())
        try:
            files += [file async for file in _pictures(folder, theme, scene, shell, made)]
        finally:
            shell.desk.show(None)
            await end_shell(shell)
            await asyncio.sleep(0)
    return files


async def _pictures(
    folder: Path, theme: Theme, scene: Scene, shell: Shell, made: World | None
) -> AsyncIterator[Path]:
    window = shell.window
    window.resize(*scene.size)
    window.show()
    if made is not None and scene.story is not None:
        shell.desk.show(made.session)
        window.dock(scene.panel).raise_()
        scene.story(made)
    for scheme in (Scheme.LIGHT, Scheme.DARK):
        theme.choose(scheme)
        await asyncio.sleep(0.3)  # what is made late is made now
        yield take(window, folder / f"{scene.name}-{scheme.value}.png")


def take(widget: QWidget, file: Path) -> Path:
    """A picture of a widget."""
    widget.grab().save(str(file))
    return file
