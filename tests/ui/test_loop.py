"""The loop: order, timers that are never early, nothing left of what was cancelled, Qt is never starved."""

import asyncio
import os
import signal
import sys
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from desktop_sim.ui.loop import SWEEP_FROM, PreciseLoop

Run = Callable[[Coroutine[Any, Any, Any]], Any]


@pytest.fixture
def run(qapp: QApplication) -> Iterator[Run]:
    """Run a coroutine on a loop of its own."""
    with asyncio.Runner(loop_factory=lambda: PreciseLoop(qapp)) as runner:
        yield runner.run


def test_callbacks_run_in_the_order_of_asking(run: Run) -> None:
    async def work() -> list[int]:
        seen: list[int] = []
        loop = asyncio.get_running_loop()
        for number in range(5):
            loop.call_soon(seen.append, number)
        loop.call_soon(loop.call_soon, seen.append, 9)
        loop.call_soon(seen.append, 5)
        await asyncio.sleep(0.005)
        return seen

    assert run(work()) == [0, 1, 2, 3, 4, 5, 9]


def test_timers_run_in_the_order_of_their_time(run: Run) -> None:
    async def work() -> list[str]:
        seen: list[str] = []
        loop = asyncio.get_running_loop()
        loop.call_later(0.02, seen.append, "late")
        loop.call_later(0.01, seen.append, "early")
        loop.call_at(loop.time(), seen.append, "now")
        await asyncio.sleep(0.03)
        return seen

    assert run(work()) == ["now", "early", "late"]


@pytest.mark.parametrize("seconds", [0.0, 0.0004, 0.001, 0.0037, 0.02])
def test_a_sleep_is_never_too_short(run: Run, seconds: float) -> None:
    async def work() -> float:
        loop = asyncio.get_running_loop()
        before = loop.time()
        await asyncio.sleep(seconds)
        return loop.time() - before

    assert run(work()) >= seconds


def test_a_timer_set_inside_a_turn_is_armed_by_its_end(run: Run) -> None:
    """The earliest timer may change while callbacks run; the waker follows."""

    async def work() -> bool:
        loop = asyncio.get_running_loop()
        done = loop.create_future()
        loop.call_later(30, done.set_result, False)
        loop.call_soon(lambda: loop.call_later(0.002, done.set_result, True))
        return await asyncio.wait_for(done, 5)

    assert run(work()) is True


def test_cancelled_timers_leave_nothing_behind(run: Run) -> None:
    async def work() -> int:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, PreciseLoop)
        for _ in range(5000):
            loop.call_later(30, print).cancel()
        return len(loop._later)

    assert run(work()) <= 2 * SWEEP_FROM


def test_a_cancelled_timer_never_runs(run: Run) -> None:
    async def work() -> list[int]:
        seen: list[int] = []
        loop = asyncio.get_running_loop()
        handle = loop.call_later(0.001, seen.append, 1)
        soon = loop.call_soon(seen.append, 2)
        handle.cancel()
        handle.cancel()
        soon.cancel()
        await asyncio.sleep(0.01)
        return seen

    assert run(work()) == []


def test_another_thread_may_ask(run: Run) -> None:
    async def work() -> str:
        loop = asyncio.get_running_loop()
        done: asyncio.Future[str] = loop.create_future()
        thread = threading.Thread(target=lambda: loop.call_soon_threadsafe(done.set_result, "here"))
        thread.start()
        result = await asyncio.wait_for(done, 5)
        thread.join()
        return result

    assert run(work()) == "here"


def test_threads_processes_sockets_and_groups_work(run: Run) -> None:
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(await reader.readline())
        await writer.drain()
        writer.close()

    async def work() -> tuple[int, int | None, bytes]:
        answer = await asyncio.to_thread(lambda: 42)
        child = await asyncio.create_subprocess_exec(sys.executable, "-c", "raise SystemExit(3)")
        code = await asyncio.wait_for(child.wait(), 20)
        server = await asyncio.start_server(echo, "127.0.0.1", 0)
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        writer.write(b"hello\n")
        async with asyncio.timeout(5), asyncio.TaskGroup() as group:
            heard = group.create_task(reader.readline())
        writer.close()
        await writer.wait_closed()
        server.close()
        await server.wait_closed()
        return answer, code, heard.result()

    assert run(work()) == (42, 3, b"hello\n")


@pytest.mark.skipif(sys.platform == "win32", reason="signals are another matter there")
def test_a_signal_wakes_the_loop(run: Run) -> None:
    async def work() -> bool:
        loop = asyncio.get_running_loop()
        came = asyncio.Event()
        loop.add_signal_handler(signal.SIGUSR1, came.set)
        os.kill(os.getpid(), signal.SIGUSR1)
        await asyncio.wait_for(came.wait(), 5)
        return loop.remove_signal_handler(signal.SIGUSR1)

    assert run(work()) is True


def test_qt_gets_its_turn_however_busy_the_loop_is(run: Run) -> None:
    async def work() -> int:
        ticks: list[int] = []
        timer = QTimer()
        timer.timeout.connect(lambda: ticks.append(1))
        timer.start(1)
        loop = asyncio.get_running_loop()
        end = loop.time() + 10
        for _ in iter(lambda: len(ticks) < 5 and loop.time() < end, False):
            await asyncio.sleep(0)
        timer.stop()
        return len(ticks)

    assert run(work()) >= 5


def test_a_loop_inside_a_callback_does_not_enter_tasks(run: Run) -> None:
    """What a stray `exec()` in a coroutine would do: everything waits, nothing breaks."""

    async def work() -> list[str]:
        seen: list[str] = []
        asyncio.get_running_loop().call_soon(seen.append, "other")
        inner = QEventLoop()
        QTimer.singleShot(5, inner.quit)
        inner.exec()
        seen.append("inner ended")
        await asyncio.sleep(0.005)
        return seen

    assert run(work()) == ["inner ended", "other"]


def test_a_mistake_goes_to_the_handler_and_the_loop_goes_on(run: Run) -> None:
    async def work() -> list[str]:
        seen: list[str] = []
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda loop, context: seen.append(repr(context["exception"])))
        loop.call_soon(lambda: 1 // 0)
        await asyncio.sleep(0.005)
        return seen

    assert run(work()) == ["ZeroDivisionError('integer division or modulo by zero')"]


def test_a_wish_to_end_the_program_gets_through(run: Run) -> None:
    async def work() -> None:
        raise SystemExit(4)

    with pytest.raises(SystemExit) as end:
        run(work())
    assert end.value.code == 4


def test_generators_are_closed_at_the_end(qapp: QApplication) -> None:
    closed: list[bool] = []

    async def numbers() -> AsyncIterator[int]:
        try:
            yield 1
            yield 2
        finally:
            closed.append(True)

    async def work() -> None:
        async for _ in numbers():
            break

    with asyncio.Runner(loop_factory=lambda: PreciseLoop(qapp)) as runner:
        runner.run(work())
    assert closed == [True]


def test_a_closed_loop_takes_nothing(qapp: QApplication) -> None:
    loop = PreciseLoop(qapp)
    loop.close()
    loop.close()
    with pytest.raises(RuntimeError, match="closed"):
        loop.call_soon(print)
