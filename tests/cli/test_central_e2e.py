"""The built-in central system in a terminal, with our own console as the charge point."""

import asyncio
import re

from tests.cli.faces import Start


async def test_central_and_console_spend_a_session_together(start: Start) -> None:
    central = await start("central", "--port", "0")
    url = re.search(r"listens on (ws://\S+)", await central.line("🏠"))
    assert url is not None
    console = await start("console", "CP001", url[1], "--set", "MeterValueSampleInterval=1")
    await central.line("CP001: 📝 BootNotification Desktop Sim Wallbox 1 – Accepted")
    await central.line("CP001: 📊 connector 1: Available")
    central.type("list")
    await central.line("● CP001  Accepted  0: Available, 1: Available")

    central.type('call CP001 RemoteStartTransaction {"idTag":"USER001"}')
    await console.line("🚀 RemoteStartTransaction received, idTag: USER001")
    await console.line("🔋 Charging started: 16.0A @ 230.0V = 3680.0W")
    await central.line("CP001: ▶️ transaction 1 started on connector 1, idTag USER001: Accepted")
    await central.line("CP001: ⚡ transaction 1:")
    assert '✔️ RemoteStartTransaction: {"status":"Accepted"}' in central.lines
    central.type("call remotestoptransaction")
    await central.line("CP001: 🛑 transaction 1 stopped:")
    central.type("transactions")
    assert "stopped Remote" in await central.line("1  CP001 connector 1  USER001")

    console.type("quit")
    assert await console.end() == 0
    await central.line("CP001: 🔌 disconnected")
    central.type("quit")
    assert await central.end() == 0
    assert central.errors == ""


async def test_bad_lines_are_answered(start: Start) -> None:
    central = await start("central", "--port", "0")
    for line, words in (
        ("frobnicate", "Type help"),
        ("call Reset", "No charge point is connected"),
        ("call CP009 Reset", "No charge point is connected"),
        ("tag USER002 Purple", "Accepted, Blocked"),
        ("tag", "tag USER002 Blocked"),
        ("tag NOBODY remove", "no tag NOBODY"),
        ("tag THIS-TAG-IS-FAR-TOO-LONG", "20 characters"),
        ("drop", "No charge point is connected"),
    ):
        central.type(line)
        assert words in await central.line("⛔"), line
    central.type("tag USER002 blocked")
    await central.line("USER002  Blocked")
    central.type("help")
    await central.line("call [CP001] ACTION")
    central.type("actions")
    await central.line("CancelReservation")
    assert await central.terminate() == 0


async def test_the_end_of_a_pipe_does_not_end_the_service(start: Start) -> None:
    central = await start("central", "--port", "0")
    await central.line("🏠")
    central.end_input()
    await asyncio.sleep(0.3)
    assert central.process.returncode is None
    assert await central.terminate() == 0


async def test_a_port_that_is_taken_is_explained(start: Start) -> None:
    first = await start("central", "--port", "0")
    port = (await first.line("🏠")).split("listens on ws://127.0.0.1:")[1].split()[0]
    second = await start("central", "--port", port)
    assert await second.end() == 1
    assert "another program listens there already" in second.errors
    wrong = await start("central", "--port", "99999")
    assert await wrong.end() == 1
    assert "Choose another port" in wrong.errors
    assert await first.terminate() == 0
