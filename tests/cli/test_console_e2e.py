"""The console as a process against a foreign central system: the story people know, and what must never be lost."""

import re
import signal
from pathlib import Path

import pytest
from ocpp.v16 import call

from tests.cli.faces import Start
from tests.cli.foreign import ForeignCentralSystem, serving


async def test_the_story_of_the_small_script(foreign: ForeignCentralSystem, start: Start) -> None:
    """On RemoteStartTransaction everything follows by itself."""
    console = await start("console", "CP001", foreign.url, "--set", "MeterValueSampleInterval=1")
    await foreign.said("StatusNotification", connector_id=1, status="Available")
    answer = await foreign.charge_points["CP001"].call(
        call.RemoteStartTransaction(id_tag="USER001", connector_id=1)
    )
    assert answer.status == "Accepted"
    values = await foreign.said("MeterValues", 2)
    for begin in (
        f"🔌 Connecting to Central System: {foreign.url}/CP001",
        "✅ Connected to Central System",
        "📊 Status changed: Available",
        "🚀 RemoteStartTransaction received for connector 1, idTag: USER001",
        "📊 Status changed: Preparing",
        "📊 Status changed: Charging",
        "🔋 Charging started: 16.0A @ 230.0V = 3680.0W",
    ):
        assert await console.line(begin) == begin
    meter = await console.line("⚡ Meter: ")
    assert re.fullmatch(r"⚡ Meter: \d+Wh \| Current: \d+\.\d\dA \| Power: \d+\.\d\dW", meter)

    wire = foreign.actions()
    order = ["BootNotification", "Authorize", "StartTransaction", "MeterValues"]
    assert sorted(order, key=wire.index) == order
    assert values["transaction_id"] == 42
    measurands = {sample["measurand"] for sample in values["meter_value"][0]["sampled_value"]}
    assert measurands == {"Energy.Active.Import.Register", "Power.Active.Import", "Current.Import", "Voltage"}

    console.type("quit")
    assert await console.end() == 0
    stop = await foreign.said("StopTransaction")
    assert (stop["transaction_id"], stop["reason"]) == (42, "Reboot")
    assert foreign.close_codes == [1001]
    assert console.errors == ""


async def test_info_shows_what_it_always_showed(foreign: ForeignCentralSystem, start: Start) -> None:
    console = await start("console", "CP001", foreign.url)
    await console.line("📝 Registration: Accepted")
    console.type("start")
    await console.line("🧾 Transaction ID: 42")
    console.type("info")
    assert (await console.line("Status:")).split() == ["Status:", "Charging"]
    assert (await console.line("Transaction ID:")).split()[2] == "42"
    for name, unit in (("Meter:", "Wh"), ("Current:", "A"), ("Power:", "W")):
        assert (await console.line(name)).split()[2] == unit
    assert (await console.line("Charging:")).split() == ["Charging:", "True"]
    console.end_input()
    assert await console.end() == 0


async def test_status_error_and_current_by_hand_at_any_time(
    foreign: ForeignCentralSystem, start: Start
) -> None:
    console = await start("console", "CP001", foreign.url)
    await foreign.said("StatusNotification", connector_id=1)
    console.type("status charging")
    await foreign.said("StatusNotification", connector_id=1, status="Charging")
    console.type("error GroundFailure")
    await foreign.said("StatusNotification", connector_id=1, status="Faulted", error_code="GroundFailure")
    console.type("error noerror")
    await foreign.said("StatusNotification", connector_id=1, status="Available", error_code="NoError")
    console.type("current 32")
    assert await console.line("🎚️") == "🎚️ Current set to 32.0A"
    console.type("quit")
    assert await console.end() == 0


async def test_bad_lines_are_answered_and_the_exit_code_tells(
    foreign: ForeignCentralSystem, start: Start
) -> None:
    console = await start("console", "CP001", foreign.url)
    for line, words in (
        ("current -5", "at least 0"),
        ("current 9 16", "connector"),
        ("configuration Heartbeet 5", "Heartbeet"),
        ("frobnicate", "help"),
        ("stop", "transaction"),
        ("send Heartbeat {", "JSON"),
        ("switch SW-NOTHING on", "SW-NOTHING"),
        ("profile save=/no/such/folder/p.station.json", "folder"),
        ("trace save=/no/such/folder/t", "/no/such/folder"),
    ):
        console.type(line)
        assert words in await console.line("⛔"), line
    console.type("quit")
    assert await console.end() == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_it_gracefully(
    foreign: ForeignCentralSystem, start: Start, number: signal.Signals
) -> None:
    console = await start("console", "CP001", foreign.url)
    await console.line("📝")
    console.type("start")
    await console.line("🧾 Transaction ID")
    console.process.send_signal(number)
    assert await console.end() == 0
    assert (await foreign.said("StopTransaction"))["reason"] == "Reboot"
    assert console.errors == ""


async def test_what_was_not_answered_goes_out_after_the_next_start(start: Start) -> None:
    async with serving() as first:
        console = await start("console", "CP001", first.url)
        await console.line("📝")
        console.type("start")
        await console.line("🧾 Transaction ID: 42")
        port = first.port
        for point in first.charge_points.values():
            point._connection.transport.abort()
        first.charge_points.clear()
    await console.line("🔌 Disconnected")
    console.type("stop")
    await console.line("🛑 Transaction stopped: 42")
    console.type("quit")
    assert await console.end() == 0

    async with serving(port) as second:
        console = await start("console", "CP001", second.url)
        stop = await second.said("StopTransaction")
        assert (stop["transaction_id"], stop.get("reason", "Local")) == (42, "Local")
        console.type("quit")
        assert await console.end() == 0


async def test_a_kill_loses_nothing(foreign: ForeignCentralSystem, start: Start) -> None:
    console = await start("console", "CP001", foreign.url)
    await console.line("📝")
    console.type("start")
    await console.line("🧾 Transaction ID: 42")
    console.process.kill()
    await console.end()
    console = await start("console", "CP001", foreign.url)
    stop = await foreign.said("StopTransaction", transaction_id=42)
    assert stop["reason"] == "PowerLoss"
    console.type("quit")
    assert await console.end() == 0


async def test_a_second_one_with_the_same_state_is_refused(
    foreign: ForeignCentralSystem, start: Start
) -> None:
    first = await start("console", "CP001", foreign.url)
    await first.line("✅")
    second = await start("console", "CP001", foreign.url)
    assert await second.end() == 1
    assert "in use by another running simulator" in second.errors
    assert "--ephemeral" in second.errors
    assert second.errors.startswith("desktop_sim: ")
    first.type("quit")
    assert await first.end() == 0


async def test_a_central_system_that_comes_late_is_found(start: Start) -> None:
    async with serving() as gone:
        port = gone.port
    console = await start("console", "CP001", f"ws://localhost:{port}")
    assert "localhost" in await console.line("❌ Not connected:")
    assert await console.line("📊") == "📊 Status changed: Available"
    async with serving(port) as central:
        await central.said("BootNotification")
        await console.line("✅")
        console.type("quit")
        assert await console.end() == 0


@pytest.mark.parametrize(
    "name, content, words",
    [
        ("a.station.json", "{", "this is not JSON"),
        ("a.station.json", '{"version": 99}', "newer version"),
        ("a.station.json", '{"colour": 1}', "$.colour"),
        ("a.station.json", "", "empty"),
    ],
)
async def test_a_bad_profile_is_explained(
    start: Start, tmp_path: Path, name: str, content: str, words: str
) -> None:
    (tmp_path / name).write_text(content)
    console = await start("console", "--profile", name)
    assert await console.end() == 1
    assert words in console.errors
    assert "Traceback" not in console.errors


@pytest.mark.parametrize(
    "words, told",
    [
        (["--set", "Heartbeet=5"], "HeartbeatInterval"),
        (["--set", "HeartbeatInterval=-5"], "HeartbeatInterval"),
        (["--connectors", "0"], "from 1 to 64"),
        (["--fixed-cable", "2"], "connector 2"),
        (["--vendor", "x" * 21], "20 characters"),
        (["--ca-file", "/no/such/file"], "/no/such/file"),
    ],
)
async def test_bad_options_are_explained(start: Start, words: list[str], told: str) -> None:
    console = await start("console", "CP001", "ws://localhost:1", *words)
    assert await console.end() == 2
    assert told in console.errors
    assert "Traceback" not in console.errors


async def test_without_a_central_system_the_built_in_one_answers(start: Start) -> None:
    console = await start("console", "--ephemeral", "--speed", "60")
    await console.line("🏠")
    await console.line("📝 Registration: Accepted")
    console.type("central RemoteStartTransaction")
    await console.line("🚀 RemoteStartTransaction received for connector 1, idTag: USER001")
    await console.line("⚡ Meter:")
    console.type("quit")
    assert await console.end() == 0
    assert any(line.startswith("🛑 Transaction stopped") for line in console.lines)


async def test_waiting_in_a_pipe(start: Start) -> None:
    console = await start("console", "--ephemeral", "--speed", "20")
    for line in ("wait 20", "start", "wait 60", "stop", "wait 10", "info"):
        console.type(line)
    console.end_input()
    assert await console.end() == 0
    told = "\n".join(console.lines)
    assert told.index("Registration: Accepted") < told.index("Transaction started") < told.index("⚡ Meter")
    assert told.index("⚡ Meter") < told.index("Transaction stopped") < told.index("  Status:")


async def test_it_speaks_uzbek_and_russian(start: Start) -> None:
    uzbek = await start("console", "--ephemeral", "--lang", "uz")
    await uzbek.line("🔌 Markaziy tizimga ulanmoqda: ws://")
    await uzbek.line("✅ Markaziy tizimga ulandi")
    await uzbek.line("📊 Holat oʻzgardi: Available")
    uzbek.type("quit")
    russian = await start("console", "--ephemeral", "--lang", "ru")
    await russian.line("✅ Подключено к центральной системе")
    russian.type("quit")
    assert (await uzbek.end(), await russian.end()) == (0, 0)


async def test_output_that_nobody_reads_any_more_ends_it_quietly(start: Start) -> None:
    console = await start("console", "--ephemeral")
    await console.line("✅")
    assert console.process.stdout is not None
    console.process._transport.get_pipe_transport(1).close()  # type: ignore[attr-defined]
    for _ in range(3):
        console.type("info")
    console.type("quit")
    await console.end()
    assert "Traceback" not in console.errors
