"""Stations and the built-in central system in one process, over a real loopback connection."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from desktop_sim.app.central_host import CentralHost, CentralProblem
from desktop_sim.app.defaults import default_profile
from desktop_sim.app.grammar import parse_line
from desktop_sim.app.options import OptionProblem, StationOptions
from desktop_sim.app.settings import SettingsFile
from desktop_sim.app.station_host import StationHost
from desktop_sim.app.workspace import Workspace
from desktop_sim.central import Tag, decode_state
from desktop_sim.central.events import TransactionChanged
from desktop_sim.station import events as e
from desktop_sim.station.commands import CommandRefused
from desktop_sim.storage.session_store import StateDirectoryInUse
from desktop_sim.ui.ports import CentralPort, StationPort

FAST = StationOptions(ephemeral=True, seed=1, speed=60.0)


class Watch:
    """The events so far, and a way to wait for one."""

    def __init__(self) -> None:
        self.events: list[e.AnyEvent] = []
        self._changed = asyncio.Event()

    def __call__(self, event: e.AnyEvent) -> None:
        self.events.append(event)
        self._changed.set()

    async def until(self, fits: Callable[[e.AnyEvent], bool]) -> e.AnyEvent:
        async with asyncio.timeout(10):
            while True:
                for event in self.events:
                    if fits(event):
                        return event
                self._changed.clear()
                await self._changed.wait()


def registered(event: e.AnyEvent) -> bool:
    return isinstance(event, e.RegistrationEvent) and event.status == "Accepted"


def transaction(what: str) -> Callable[[e.AnyEvent], bool]:
    return lambda event: isinstance(event, e.TransactionEvent) and event.what == what


@pytest.fixture
async def workspace() -> AsyncIterator[Workspace]:
    workspace = Workspace()
    yield workspace
    await workspace.close_all(graceful=False)


@pytest.fixture
def watch() -> Watch:
    return Watch()


async def do(host: StationHost, line: str) -> Any:
    command = parse_line(line)
    assert command is not None
    return await host.submit(command)


def test_the_hosts_are_what_the_window_needs() -> None:
    ports: list[type[StationPort | CentralPort]] = [StationHost, CentralHost]
    assert all(ports)


async def test_a_session_from_plug_to_receipt(workspace: Workspace, watch: Watch) -> None:
    host = await workspace.open(FAST, listen=watch)
    await watch.until(registered)
    await do(host, "start")
    await watch.until(transaction("confirmed"))
    await watch.until(lambda event: isinstance(event, e.MeterEvent) and event.context == "Sample.Periodic")
    (reading,) = host.readings()
    assert reading.milliwatts == 3_680_000
    (connector,) = host.info()["connectors"]
    assert connector["transaction"]["id_tag"] == "USER001"
    await do(host, "stop")
    await watch.until(transaction("delivered"))
    assert workspace.central is not None
    (known,) = workspace.central.transactions
    assert (known.state, known.charge_point) == ("stopped", "CP001")


async def test_the_demo_has_two_connectors_and_its_own_central_system(
    workspace: Workspace, watch: Watch
) -> None:
    host = await workspace.demo(FAST, watch)
    await watch.until(registered)
    assert len(host.readings()) == 2
    assert workspace.central is not None
    assert {tag.id_tag for tag in workspace.central.tags} == {"USER001", "USER002"}


async def test_the_central_system_calls_and_gets_the_answer(workspace: Workspace, watch: Watch) -> None:
    host = await workspace.open(FAST, listen=watch)
    await watch.until(registered)
    central = workspace.central
    assert central is not None
    happened: list[object] = []
    central.subscribe(happened.append)
    ended = await central.call("CP001", "RemoteStartTransaction", {"idTag": "USER001"})
    assert (ended.outcome, ended.payload) == ("result", {"status": "Accepted"})
    await watch.until(transaction("confirmed"))
    assert any(isinstance(event, TransactionChanged) and event.what == "started" for event in happened)
    answer = await do(host, "central GetConfiguration")
    assert answer.outcome == "result"
    known = await do(host, "central")
    assert known["connected"] == ["CP001"]


@pytest.mark.parametrize(
    "line, words",
    [
        ("central Frobnicate", "no action"),
        ('central Reset {"type": "Gentle"}', "Reset"),
        ("clock rate=often", "pause or max"),
        ("clock drift=100001", "drift"),
        ("trace save=/no/such/folder/x", "/no/such/folder"),
        ("profile save=/no/such/folder/x.station.json", "no folder"),
        ("plug_in 7", "7"),
        ("connect localhost:9000", "ws://localhost:9000"),
        ("help nonsense", "nonsense"),
    ],
)
async def test_what_cannot_be_done_is_refused_with_a_sentence(
    workspace: Workspace, watch: Watch, line: str, words: str
) -> None:
    host = await workspace.open(FAST, listen=watch)
    await watch.until(registered)
    with pytest.raises(CommandRefused, match=words):
        await do(host, line)


async def test_without_the_built_in_central_system_its_command_says_so(workspace: Workspace) -> None:
    host = await workspace.open(StationOptions(ephemeral=True, url="ws://127.0.0.1:1"))
    with pytest.raises(CommandRefused, match="not running here"):
        await do(host, "central")


async def test_the_clock_is_shown_and_changed(workspace: Workspace) -> None:
    host = await workspace.open(FAST)
    assert (await do(host, "clock"))["rate"] == 60.0
    shown = await do(host, "clock pause drift=0")
    assert shown["rate"] == 0.0
    before = host.clock.now().sim
    with pytest.raises(CommandRefused, match="stands still"):
        await do(host, "wait 1")
    assert host.clock.now().sim == before
    ahead = await do(host, "clock 1 offset=3600")
    assert ahead["now"] - before >= 3_600_000_000
    assert host.info()["clock"]["rate"] == 1.0


async def test_traffic_and_profile_are_shown_and_saved(
    workspace: Workspace, watch: Watch, tmp_path: Path
) -> None:
    host = await workspace.open(FAST, listen=watch)
    await watch.until(registered)
    (last,) = await do(host, "trace 1")
    assert isinstance(last, e.FrameEvent)
    saved = await do(host, f"trace save={tmp_path / 'x.trace.jsonl'}")
    assert '"BootNotification"' in saved.read_text()
    assert saved.read_text().startswith('{"trace":1')
    profile = await do(host, f"profile save={tmp_path / 'x.station.json'}")
    assert "USER001" in profile.read_text()


async def test_state_survives_a_stop_and_a_factory_reset_forgets_it(
    workspace: Workspace, tmp_path: Path
) -> None:
    options = replace_options(state_dir=tmp_path)
    host = await workspace.open(options)
    await do(host, "configuration HeartbeatInterval 77")
    await workspace.close(host)

    host = await workspace.open(options)
    assert (await do(host, "configuration HeartbeatInterval"))["value"] == "77"
    await do(host, "factory_reset")
    assert (await do(host, "configuration HeartbeatInterval"))["value"] != "77"
    await do(host, "configuration HeartbeatInterval 78")
    await workspace.close(host)

    host = await workspace.open(replace_options(state_dir=tmp_path, factory_reset=True))
    assert (await do(host, "configuration HeartbeatInterval"))["value"] not in ("77", "78")


def replace_options(**changes: Any) -> StationOptions:
    return StationOptions(url="ws://127.0.0.1:1", **changes)


async def test_a_directory_in_use_is_refused_and_the_first_goes_on(
    workspace: Workspace, tmp_path: Path
) -> None:
    host = await workspace.open(replace_options(state_dir=tmp_path))
    with pytest.raises(StateDirectoryInUse):
        await workspace.open(replace_options(state_dir=tmp_path))
    assert workspace.stations == [host]
    await do(host, "info")


@pytest.mark.parametrize("overrides", [{"Heartbeet": "5"}, {"HeartbeatInterval": "often"}])
async def test_a_key_that_cannot_be_is_an_option_problem(
    workspace: Workspace, overrides: dict[str, str]
) -> None:
    with pytest.raises(OptionProblem, match="HeartbeatInterval"):
        await workspace.open(StationOptions(ephemeral=True, overrides=overrides))
    assert workspace.stations == []


async def test_a_stop_ends_the_transaction_and_waits_for_the_answer(
    workspace: Workspace, watch: Watch
) -> None:
    host = await workspace.open(FAST, listen=watch)
    await watch.until(registered)
    await do(host, "start")
    await watch.until(transaction("confirmed"))
    await workspace.close(host)
    (known,) = workspace.central.transactions if workspace.central else []
    assert (known.state, known.reason) == ("stopped", "Reboot")
    assert not host.running
    with pytest.raises(CommandRefused, match="not running"):
        await do(host, "start")
    assert (await do(host, "info"))["link"]["state"] != "up"


async def test_a_change_by_the_central_system_leaves_the_document_saved(
    workspace: Workspace, watch: Watch
) -> None:
    host = await workspace.open(FAST, listen=watch)
    await watch.until(registered)
    assert workspace.central is not None
    await workspace.central.call("CP001", "ChangeConfiguration", {"key": "HeartbeatInterval", "value": "5"})
    await watch.until(lambda event: isinstance(event, e.ConfigurationEvent))
    assert not workspace.document(host).unsaved


async def test_another_profile_in_a_running_station(workspace: Workspace, watch: Watch) -> None:
    host = await workspace.open(FAST, listen=watch)
    await watch.until(registered)
    watch.events.clear()
    profile = replace(default_profile(), connectors=default_profile().connectors * 3)
    await workspace.rebuild(host, profile)
    await watch.until(registered)
    assert len(host.readings()) == 3
    assert workspace.document(host).unsaved


async def test_recent_profiles_and_central_systems_are_remembered(tmp_path: Path) -> None:
    workspace = Workspace(SettingsFile(tmp_path / "settings.json"))
    await workspace.open(replace_options(ephemeral=True))
    await workspace.close_all(graceful=False)
    assert workspace.settings is not None
    assert workspace.settings.settings.recent_centrals == ("ws://127.0.0.1:1",)


async def test_a_mistake_in_a_listener_disturbs_nobody(workspace: Workspace, watch: Watch) -> None:
    def fail(event: e.AnyEvent) -> None:
        raise RuntimeError("listener")

    host = await workspace.open(FAST, listen=fail)
    host.subscribe(watch)
    await watch.until(registered)


async def test_a_taken_port_is_explained() -> None:
    first = CentralHost()
    await first.start()
    try:
        with pytest.raises(CentralProblem, match="another program listens there"):
            await CentralHost(port=first.port).start()
    finally:
        await first.stop()


async def test_tags_and_templates() -> None:
    central = CentralHost(["USER001"])
    central.put_tag(Tag(id_tag="USER002"))
    assert [tag.id_tag for tag in central.tags] == ["USER001", "USER002"]
    assert central.remove_tag("USER002")
    assert central.template("CP001", "Reset") == {"type": "Soft"}
    with pytest.raises(CommandRefused, match="not connected"):
        central.send("CP001", "Reset", {"type": "Soft"})


async def test_passwords_stay_out_of_events_journal_and_info(workspace: Workspace, watch: Watch) -> None:
    host = await workspace.open(FAST, listen=watch)
    await watch.until(registered)
    assert workspace.central is not None
    setting = {"key": "AuthorizationKey", "value": 'a-very-secret-\\"key'}
    await workspace.central.call("CP001", "ChangeConfiguration", setting)
    await do(host, "connect ws://me:hush-hush@127.0.0.1:1/ocpp")
    told = repr([watch.events, list(host.journal.events), host.info()])
    assert "very-secret" not in told
    assert "hush-hush" not in told
    assert '"value":"***"' in told
    assert host.info()["link"]["url"] == "ws://127.0.0.1:1/ocpp/CP001"


async def test_a_profile_that_cannot_be_leaves_the_station_as_it_was(
    workspace: Workspace, watch: Watch
) -> None:
    host = await workspace.open(FAST, listen=watch)
    await watch.until(registered)
    watch.events.clear()
    with pytest.raises(OptionProblem):
        await workspace.rebuild(
            host, replace(default_profile(), configuration={"HeartbeatInterval": "often"})
        )
    await watch.until(registered)
    assert host.profile == default_profile()
    assert not workspace.document(host).unsaved


async def test_what_is_probably_not_meant_is_remarked(workspace: Workspace) -> None:
    host = await workspace.open(StationOptions(ephemeral=True, url="ws://127.0.0.1:1/CP001"))
    (remark,) = host.remarks()
    assert "CP001/CP001" in remark


async def test_the_built_in_central_system_remembers_with_the_station(tmp_path: Path, watch: Watch) -> None:
    options = StationOptions(state_dir=tmp_path, speed=60.0)
    for number in (1, 2):
        workspace = Workspace()
        host = await workspace.open(options, listen=watch)
        await watch.until(registered)
        await do(host, "start")
        await watch.until(transaction("confirmed"))
        await workspace.close_all()
        assert workspace.central is None
        watch.events.clear()
        memory = decode_state((tmp_path / "central.json").read_bytes())
        assert [known.id for known in memory.transactions] == list(range(1, number + 1))
        assert {known.state for known in memory.transactions} == {"stopped"}


async def test_a_damaged_memory_of_the_central_system_is_put_aside(tmp_path: Path) -> None:
    (tmp_path / "central.json").write_text("{")
    central = CentralHost(["USER001"], memory=tmp_path / "central.json")
    assert [tag.id_tag for tag in central.tags] == ["USER001"]
    assert (tmp_path / "central.broken.json").read_text() == "{"


async def test_an_address_asked_for_wins_over_a_stored_one(workspace: Workspace, tmp_path: Path) -> None:
    host = await workspace.open(replace_options(state_dir=tmp_path))
    await do(host, "connect ws://127.0.0.1:2")
    await workspace.close(host)
    host = await workspace.open(replace_options(state_dir=tmp_path))
    assert host.info()["link"]["url"] == "ws://127.0.0.1:1/CP001"
