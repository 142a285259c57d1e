"""The server: who gets in, what is carried, who is cut, how it ends."""

import asyncio
import base64
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from desktop_sim.central import AnswerRule, AnyCentralEvent, CallRefused, CentralServer, CentralSystem, Policy
from desktop_sim.central.events import CallEnded, FramePassed, LinkChanged, TransactionChanged
from tests.central.patience import until

HEARTBEAT = '[2,"a","Heartbeat",{}]'


def wall() -> int:
    """µs since the Unix epoch."""
    return time.time_ns() // 1000


@pytest.fixture
async def server() -> AsyncIterator[CentralServer]:
    server = CentralServer(CentralSystem(policy=Policy(call_timeout=0.05)), wall)
    await server.start()
    yield server
    await server.stop()


def dial(server: CentralServer, identity: str = "CP001", **options: Any) -> connect:
    return connect(f"{server.url}/{identity}", **{"subprotocols": ["ocpp1.6"], **options})


async def ask(socket: ClientConnection, text: str) -> Any:
    await socket.send(text)
    return json.loads(await asyncio.wait_for(socket.recv(), 5))


async def test_frames_go_both_ways(server: CentralServer) -> None:
    async with dial(server, "CP%2F1") as socket:
        assert (await ask(socket, HEARTBEAT))[:2] == [3, "a"]
        assert server.central.charge_points["CP/1"].connected
        message_id = server.call("CP/1", "ClearCache", {})
        assert json.loads(await socket.recv()) == [2, message_id, "ClearCache", {}]
        server.send_text("CP/1", "any text")
        assert await socket.recv() == "any text"
    await until(lambda: not server.central.charge_points["CP/1"].connected)


async def test_binary_is_ignored(server: CentralServer) -> None:
    seen: list[AnyCentralEvent] = []
    server.subscribe(seen.append)
    async with dial(server) as socket:
        await socket.send(b"\x00")
        await ask(socket, HEARTBEAT)
    assert next(event.verdict for event in seen if isinstance(event, FramePassed)) == "no text frame: binary"


async def test_calls_time_out_without_anything_coming(server: CentralServer) -> None:
    seen: list[AnyCentralEvent] = []
    server.subscribe(seen.append)
    async with dial(server) as socket:
        await ask(socket, HEARTBEAT)
        server.call("CP001", "ClearCache", {})
        await until(lambda: any(isinstance(event, CallEnded) for event in seen))
    assert [event.outcome for event in seen if isinstance(event, CallEnded)] == ["timeout"]


async def test_late_answers_arrive(server: CentralServer) -> None:
    server.central.policy.rules.append(AnswerRule(delay=0.05))
    async with dial(server) as socket:
        begin = time.monotonic()
        assert (await ask(socket, HEARTBEAT))[0] == 3
        assert time.monotonic() - begin >= 0.045


async def test_a_clock_of_another_rate_says_how_long_to_wait() -> None:
    now = [0]
    server = CentralServer(CentralSystem(), lambda: now[0], delay=lambda deadline: 0.0 if now[0] else 60.0)
    await server.start()
    async with dial(server) as socket:
        await ask(socket, HEARTBEAT)
        server.call("CP001", "ClearCache", {})
        now[0] = 31_000_000
        seen: list[AnyCentralEvent] = []
        server.subscribe(seen.append)
        server.refresh()
        assert [event.outcome for event in seen if isinstance(event, CallEnded)] == ["timeout"]
    await server.stop()


async def test_a_new_connection_replaces_the_old_one(server: CentralServer) -> None:
    seen: list[AnyCentralEvent] = []
    server.subscribe(seen.append)
    async with dial(server) as old, dial(server) as new:
        await ask(new, HEARTBEAT)
        with pytest.raises(ConnectionClosed):
            await asyncio.wait_for(old.recv(), 5)
        assert server.central.charge_points["CP001"].connected
        await ask(new, '[2,"b","Heartbeat",{}]')
    await until(lambda: len([event for event in seen if isinstance(event, LinkChanged)]) == 4)
    assert [event.state for event in seen if isinstance(event, LinkChanged)] == ["up", "down", "up", "down"]


async def test_a_dropped_connection_has_no_close_frame(server: CentralServer) -> None:
    async with dial(server) as socket:
        await ask(socket, HEARTBEAT)
        server.central.policy.rules.append(AnswerRule(answer="drop"))
        await socket.send('[2,"b","Heartbeat",{}]')
        with pytest.raises(ConnectionClosed) as closed:
            await asyncio.wait_for(socket.recv(), 5)
        assert closed.value.rcvd is None
    async with dial(server) as socket:
        server.central.policy.rules.clear()
        await ask(socket, HEARTBEAT)
        server.drop("CP001")
        with pytest.raises(ConnectionClosed):
            await asyncio.wait_for(socket.recv(), 5)
    with pytest.raises(CallRefused):
        server.drop("CP001")


async def test_stop_says_goodbye_and_can_be_repeated(server: CentralServer) -> None:
    async with dial(server) as socket:
        await ask(socket, HEARTBEAT)
        server.call("CP001", "ClearCache", {})
        await server.stop()
        assert not server.running
        assert json.loads(await socket.recv())[2] == "ClearCache"
        with pytest.raises(ConnectionClosed) as closed:
            await asyncio.wait_for(socket.recv(), 5)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1001
    assert not server.central.charge_points["CP001"].connected
    await server.stop()


async def test_without_the_sub_protocol_nobody_stays(server: CentralServer) -> None:
    for offered in (None, ["ocpp2.0.1"]):
        async with dial(server, subprotocols=offered) as socket:
            with pytest.raises(ConnectionClosed) as closed:
                await asyncio.wait_for(socket.recv(), 5)
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 1002
    assert server.central.charge_points == {}


async def _status(
    server: CentralServer, identity: str = "CP001", user: str = "", password: bytes = b""
) -> int:
    """The HTTP status a try to connect gets."""
    credentials = base64.b64encode(user.encode() + b":" + password).decode()
    headers = {"Authorization": f"Basic {credentials}"} if user else {}
    try:
        async with dial(server, identity, additional_headers=headers):
            return 101
    except InvalidStatus as refused:
        return refused.response.status_code


async def test_who_is_let_in(server: CentralServer) -> None:
    assert await _status(server) == 101
    assert await _status(server, "") == 404
    server.central.policy.identities = ["CP002"]
    assert await _status(server) == 404
    assert await _status(server, "CP002") == 101
    server.central.policy.refuse_with = 503
    assert await _status(server, "CP002") == 503


async def test_a_password_for_everyone() -> None:
    password = bytes.fromhex("0001020304050607FFFFFFFFFFFFFFFFFFFFFFFF")
    server = CentralServer(CentralSystem(), wall, password=password)
    await server.start()
    assert await _status(server) == 401
    assert await _status(server, user="CP001", password=b"wrong") == 401
    assert await _status(server, user="CP002", password=password) == 401
    assert await _status(server, user="CP001", password=password) == 101
    await server.stop()


async def test_listeners_may_act_and_may_fail(
    server: CentralServer, caplog: pytest.LogCaptureFixture
) -> None:
    """A listener that sends a call, and one that breaks, leave the order of events as it is for all others."""
    seen: list[AnyCentralEvent] = []

    def acts(event: AnyCentralEvent) -> None:
        if isinstance(event, FramePassed) and event.action == "Heartbeat" and event.direction == "in":
            server.call("CP001", "ClearCache", {})

    def fails(event: AnyCentralEvent) -> None:
        raise RuntimeError(event.seq)

    for listener in (acts, fails, seen.append):
        server.subscribe(listener)
    async with dial(server) as socket:
        await ask(socket, HEARTBEAT)
    assert [event.seq for event in seen] == list(range(1, len(seen) + 1))
    assert "a listener failed on LinkChanged" in caplog.text


async def test_a_transaction_is_given_up_by_hand(server: CentralServer) -> None:
    seen: list[AnyCentralEvent] = []
    server.subscribe(seen.append)
    async with dial(server) as socket:
        start = {"connectorId": 1, "idTag": "A", "meterStart": 0, "timestamp": "2025-06-02T07:00:00Z"}
        await ask(socket, json.dumps([2, "a", "StartTransaction", start]))
        server.abandon(1)
    changes = [event.what for event in seen if isinstance(event, TransactionChanged)]
    assert changes == ["started", "abandoned"]


async def test_a_port_that_is_taken_is_an_os_error(server: CentralServer) -> None:
    other = CentralServer(CentralSystem(), wall, port=server.port)
    with pytest.raises(OSError, match="address already in use"):
        await other.start()
    assert not other.running
    await other.stop()
