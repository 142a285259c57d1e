"""The control channel over a WebSocket: who is let in, several clients, the end."""

import asyncio
import json
import socket
from pathlib import Path
from typing import Any

import pytest
import websockets
from websockets.asyncio.client import ClientConnection, connect

from desktop_sim.cli.arguments import UsageProblem, parse_arguments
from tests.cli.faces import PATIENCE, Start
from tests.cli.foreign import ForeignCentralSystem

TOKEN = "a secret & a half"


async def call(client: ClientConnection, method: str, **params: Any) -> Any:
    """The answer to a call; events are passed over."""
    await client.send(json.dumps({"jsonrpc": "2.0", "id": method, "method": method, "params": params}))
    async with asyncio.timeout(PATIENCE):
        while True:
            message = json.loads(await client.recv())
            if message.get("id") == method:
                return message


@pytest.fixture
def port() -> int:
    """A port that is free just now."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


async def listening(port: int) -> None:
    """Wait until somebody listens."""
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                await writer.wait_closed()
                return


async def test_several_clients_share_a_station(
    foreign: ForeignCentralSystem, start: Start, port: int
) -> None:
    face = await start("control", "--listen", str(port), "CP001", foreign.url, "--token", TOKEN)
    await listening(port)
    url = f"ws://127.0.0.1:{port}/"
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    async with (
        connect(f"{url}?token=a%20secret%20%26%20a%20half") as first,
        connect(url, additional_headers=bearer) as second,
    ):
        assert (await call(first, "events", kinds=["status"]))["result"] == {"kinds": ["status"]}
        assert (await call(second, "events", kinds=[]))["result"] == {"kinds": []}
        assert (await call(second, "plug_in", connector=1))["result"]["connector"] == 1
        async with asyncio.timeout(PATIENCE):
            while json.loads(await first.recv())["params"]["status"] != "Preparing":
                pass
        await second.send(b"binary")
        assert json.loads(await second.recv())["error"]["code"] == -32700
        await second.send("[]")
        assert json.loads(await second.recv())["error"]["code"] == -32600
        assert "result" in await call(second, "quit")
        async with asyncio.timeout(PATIENCE):
            rest = [json.loads(message)["params"]["kind"] async for message in first]
        assert set(rest) <= {"status"}
        assert first.close_code == 1001
    assert await face.end() == 0
    assert face.lines == []
    assert TOKEN not in face.errors
    assert foreign.close_codes == [1001]


@pytest.mark.parametrize(
    "query, headers",
    [
        ("", {}),
        ("?token=", {}),
        ("?token=wrong", {}),
        ("", {"Authorization": "Bearer wrong"}),
        ("", {"Authorization": "Basic cmlnaHQ6cmlnaHQ="}),
        ("?token=%C3%BC", {"Authorization": "Bearer"}),
    ],
)
async def test_nobody_gets_in_without_the_token(
    start: Start, port: int, query: str, headers: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "token").write_text("right\n")
    face = await start(
        "control", "--ephemeral", "--listen", str(port), "--token-file", str(tmp_path / "token")
    )
    await listening(port)
    with pytest.raises(websockets.InvalidStatus) as refused:
        async with connect(f"ws://127.0.0.1:{port}/{query}", additional_headers=headers):
            pass
    assert refused.value.response.status_code == 401
    async with connect(f"ws://127.0.0.1:{port}/?token=right") as client:
        assert "result" in await call(client, "info")
    assert await face.terminate() == 0


async def test_a_token_is_made_and_told_and_stdin_does_not_matter(
    foreign: ForeignCentralSystem, start: Start
) -> None:
    face = await start("control", "CP001", foreign.url, "--listen")
    face.end_input()
    await foreign.said("StatusNotification", connector_id=1)
    await asyncio.sleep(0.3)
    assert face.process.returncode is None
    assert await face.terminate() == 0
    line = next(line for line in face.errors.splitlines() if line.startswith("Control channel: "))
    assert line.startswith("Control channel: ws://127.0.0.1:")
    assert len(line.partition("token=")[2]) >= 32


async def test_it_listens_on_this_computer_only_unless_told(start: Start, port: int) -> None:
    face = await start("control", "--ephemeral", "--listen", str(port))
    await listening(port)
    assert _addresses(port) == {"0100007F"}
    assert await face.terminate() == 0
    face = await start("control", "--ephemeral", "--listen", str(port), "--any-interface")
    await listening(port)
    assert _addresses(port) == {"00000000"}
    assert await face.terminate() == 0


def _addresses(port: int) -> set[str]:
    """The addresses that somebody listens on at this port, as the kernel writes them."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return {row[1].partition(":")[0] for row in rows if row[3] == "0A" and row[1].endswith(f":{port:04X}")}


async def test_a_port_that_is_taken_is_said(start: Start, foreign: ForeignCentralSystem) -> None:
    face = await start("control", "--ephemeral", "--listen", str(foreign.port))
    assert await face.end() == 1
    assert "cannot listen on port" in face.errors


async def test_a_client_that_reads_nothing_holds_up_nobody(start: Start, port: int) -> None:
    face = await start("control", "--ephemeral", "--listen", str(port), "--token", "t")
    await listening(port)
    async with connect(f"ws://127.0.0.1:{port}/?token=t", max_queue=1) as deaf:
        for _ in range(2000):
            await deaf.send('{"jsonrpc":"2.0","id":1,"method":"info"}')
        async with connect(f"ws://127.0.0.1:{port}/?token=t") as lively:
            assert "result" in await call(lively, "info")
            await lively.send('{"jsonrpc":"2.0","method":"quit"}')
            assert await face.end() == 0


@pytest.mark.parametrize(
    "line, port",
    [
        ("control --listen CP001 ws://h", 0),
        ("control --listen 9100 CP001 ws://h", 9100),
        ("control CP001 ws://h --listen", 0),
        ("control --listen=9100 CP001 ws://h", 9100),
    ],
)
def test_the_port_may_be_left_out(line: str, port: int) -> None:
    arguments = parse_arguments(line.split())
    assert arguments.control.listen == port
    assert (arguments.options.charge_point_id, arguments.options.url) == ("CP001", "ws://h")


@pytest.mark.parametrize(
    "line, words",
    [
        ("console --listen 9100", ["--listen", "control"]),
        ("--token x", ["--token", "control"]),
        ("control --token x", ["--token", "--listen"]),
        ("control --any-interface", ["--any-interface", "--listen"]),
        ("control --listen 70000", ["65535"]),
        ("control --listen --token a --token-file b", ["not both"]),
        ("control --listen --token-file /no/such/file", ["cannot be read"]),
        ("control --listen --token=", ["empty"]),
    ],
)
def test_mistakes_of_the_command_line_are_explained(line: str, words: list[str]) -> None:
    with pytest.raises(UsageProblem) as problem:
        parse_arguments(line.split())
    assert all(word in str(problem.value) for word in words), problem.value
