"""The face `control` as a process, against a foreign central system."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path

import pytest
from ocpp.v16 import call

from tests.cli.conftest import ROOT
from tests.cli.control_client import Client
from tests.cli.faces import Start
from tests.cli.foreign import ForeignCentralSystem


async def test_a_whole_charge_from_another_program(foreign: ForeignCentralSystem, start: Start) -> None:
    client = Client(await start("control", "CP001", foreign.url))
    await foreign.said("StatusNotification", connector_id=1, status="Available")
    assert await client.call("plug_in", connector=1) == {"connector": 1, "vehicle": "Compact"}
    await client.call("present_tag", id_tag="USER001")
    await foreign.said("StartTransaction", connector_id=1)
    await foreign.said("StatusNotification", status="Charging")
    info = await client.call("info")
    assert info["connectors"][-1]["status"] == "Charging"
    assert info["connectors"][-1]["transaction"]["id_tag"] == "USER001"
    await client.call("stop", connector=1)
    stop = await foreign.said("StopTransaction")
    assert stop["reason"] == "Local"
    await client.call("quit")
    assert await client.face.end() == 0
    events = client.events()
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert {"link", "registration", "status", "transaction", "meter", "frame"} <= {
        one["kind"] for one in events
    }
    assert foreign.close_codes == [1001]
    assert client.face.errors == ""


async def test_nobody_stands_at_the_station_unless_asked_for(
    foreign: ForeignCentralSystem, start: Start
) -> None:
    client = Client(await start("control", "CP001", foreign.url, "--set", "ConnectionTimeOut=1"))
    await foreign.said("StatusNotification", connector_id=1)
    await foreign.charge_points["CP001"].call(call.RemoteStartTransaction(id_tag="USER001", connector_id=1))
    await foreign.said("StatusNotification", connector_id=1, status="Preparing")
    await foreign.said("StatusNotification", 2, connector_id=1, status="Available")
    assert "StartTransaction" not in foreign.actions()
    client.face.end_input()
    assert await client.face.end() == 0


async def test_ten_thousand_commands_lose_and_reorder_nothing(
    foreign: ForeignCentralSystem, start: Start
) -> None:
    client = Client(await start("control", "CP001", foreign.url))
    client.send("events", kinds=[])
    for number in range(10_000):
        client.send("current", connector=1, amperes=number % 33)
    client.send("info")
    client.face.end_input()
    assert await client.face.end() == 0
    answers = [message for message in client.messages() if "id" in message]
    assert [one["id"] for one in answers] == list(range(1, 10_003))
    assert [one["result"]["amperes"] for one in answers[1:-1]] == [number % 33 for number in range(10_000)]


async def test_end_of_input_ends_the_transaction_properly(
    foreign: ForeignCentralSystem, start: Start
) -> None:
    client = Client(await start("control", "CP001", foreign.url))
    await foreign.said("StatusNotification", connector_id=1)
    client.send("start")
    await foreign.said("StartTransaction")
    client.face.end_input()
    assert await client.face.end() == 0
    assert (await foreign.said("StopTransaction"))["reason"] == "Reboot"
    assert client.events()[-1]["kind"] == "link"


async def test_garbage_is_answered_and_the_station_lives(foreign: ForeignCentralSystem, start: Start) -> None:
    client = Client(await start("control", "CP001", foreign.url))
    assert client.face.process.stdin is not None
    client.face.process.stdin.write(
        b"\x00\xff\n\n   \n{]\n" + b"[" * 70_000 + b"\n" + b'"' + b"x" * 200_000 + b"\r\n"
    )
    assert (await client.call("info"))["identity"] == "CP001"
    codes = [one["error"]["code"] for one in client.messages() if "error" in one]
    assert codes == [-32700] * 4
    client.send("quit")
    assert await client.face.end() == 0


async def test_a_reader_that_is_gone_ends_it_even_while_nothing_is_said(
    foreign: ForeignCentralSystem, start: Start
) -> None:
    client = Client(await start("control", "CP001", foreign.url))
    await foreign.said("StatusNotification", connector_id=1)
    await client.call("start")
    await foreign.said("StartTransaction")
    await client.call("events", kinds=[])
    transport = client.face.process._transport  # type: ignore[attr-defined]
    transport.get_pipe_transport(1).close()
    assert await client.face.end() == 0
    assert (await foreign.said("StopTransaction"))["reason"] == "Reboot"
    assert client.face.errors == ""


async def test_a_reader_that_reads_nothing_does_not_hold_up_the_station(
    foreign: ForeignCentralSystem, tmp_path: Path, start: Start
) -> None:
    face = await start("control", "CP001", foreign.url, "--set", "HeartbeatInterval=1")
    await foreign.said("StatusNotification", connector_id=1)
    transport = face.process._transport  # type: ignore[attr-defined]
    transport.get_pipe_transport(1).pause_reading()
    for number in range(3000):  # their answers are more than a pipe takes
        face.type(json.dumps({"jsonrpc": "2.0", "id": number, "method": "info"}))
    await asyncio.sleep(0.5)
    answer = await foreign.charge_points["CP001"].call(
        call.RemoteStartTransaction(id_tag="A", connector_id=1)
    )
    assert answer.status == "Accepted"
    transport.get_pipe_transport(1).resume_reading()
    face.end_input()
    assert await face.end() == 0
    assert sum('"id":2999,' in line for line in face.lines) == 1


async def test_what_cannot_start_is_said_on_stderr_only(start: Start, tmp_path: Path) -> None:
    profile = tmp_path / "bad.station.json"
    profile.write_text("{}{}")
    face = await start("control", str(profile))
    assert await face.end() == 1
    assert face.lines == []
    assert face.errors.startswith("desktop_sim: ")


async def test_files_serve_as_well_as_pipes(tmp_path: Path) -> None:
    """A script from a file, the answers into one."""
    script, said = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    script.write_text('{"jsonrpc":"2.0","id":1,"method":"info"}\n{"jsonrpc":"2.0","id":2,"method":"quit"}')
    with script.open() as stdin, said.open("w") as stdout:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "desktop_sim", "control", "--ephemeral"),
            stdin=stdin,
            stdout=stdout,
            cwd=ROOT,
        )
        async with asyncio.timeout(20):
            assert await process.wait() == 0
    answers = [json.loads(line).get("id") for line in said.read_text().splitlines()]
    assert [number for number in answers if number is not None] == [1, 2]


def test_it_imports_no_qt_and_nothing_heavy() -> None:
    code = (
        "import sys, desktop_sim.__main__, desktop_sim.cli.control;"
        "heavy = {'PySide6', 'qasync', 'pyqtgraph', 'numpy', 'prompt_toolkit'};"
        "print(heavy & {name.split('.')[0] for name in sys.modules})"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert found.stdout.strip() == "set()"


@pytest.mark.parametrize("closed", ["<&-", ">&-"])
def test_a_closed_stdin_or_stdout_is_said(closed: str) -> None:
    line = f"{sys.executable} -m desktop_sim control --ephemeral {closed}"
    found = subprocess.run(line, shell=True, capture_output=True, text=True, check=False, cwd=ROOT)
    assert (found.returncode, "is closed" in found.stderr) == (1, True)
