"""The link in memory behaves like a socket, only faster."""

from __future__ import annotations

import asyncio

import pytest

from desktop_sim.transport.link import InvalidMessage, Link, LinkClosed
from desktop_sim.transport.memory import memory_pair


async def test_messages_arrive_in_order_both_ways() -> None:
    one, other = memory_pair()
    for number in range(100):
        await one.send(str(number))
    await other.send("back")
    assert [await other.receive() for _ in range(100)] == [str(number) for number in range(100)]
    assert await one.receive() == "back"


async def test_it_is_a_link() -> None:
    link: Link = memory_pair()[0]
    assert link.subprotocol == "ocpp1.6"
    link.set_ping_interval(5)


async def test_receive_waits() -> None:
    one, other = memory_pair()
    waiting = asyncio.create_task(other.receive())
    await asyncio.sleep(0)
    assert not waiting.done()
    await one.send("now")
    assert await waiting == "now"


async def test_a_cancelled_receive_loses_nothing() -> None:
    one, other = memory_pair()
    waiting = asyncio.create_task(other.receive())
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.wait((waiting,))
    await one.send("kept")
    assert await other.receive() == "kept"


async def test_what_was_sent_before_the_end_is_read() -> None:
    one, other = memory_pair()
    await one.send("last words")
    await one.close(1001, "reset")
    assert await other.receive() == "last words"
    for _ in range(2):
        with pytest.raises(LinkClosed) as theirs:
            await other.receive()
        assert (theirs.value.code, theirs.value.reason, theirs.value.by) == (1001, "reset", "them")
    with pytest.raises(LinkClosed) as ours:
        await one.receive()
    assert (ours.value.code, ours.value.by) == (1001, "us")


async def test_nothing_can_be_sent_after_the_end() -> None:
    one, other = memory_pair()
    await one.close()
    await one.close(1001)  # harmless
    for end in (one, other):
        with pytest.raises(LinkClosed) as closed:
            await end.send("x")
        assert closed.value.code == 1000


async def test_the_end_wakes_who_waits() -> None:
    one, other = memory_pair()
    waiting = asyncio.create_task(other.receive())
    await asyncio.sleep(0)
    one.abort()
    with pytest.raises(LinkClosed) as closed:
        await waiting
    assert (closed.value.code, closed.value.by) == (1006, "network")


async def test_something_that_is_no_text() -> None:
    one, other = memory_pair()
    one.send_invalid(InvalidMessage("binary"))
    assert await other.receive() == InvalidMessage("binary")
