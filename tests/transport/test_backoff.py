"""Waiting before the next attempt (WS-5)."""

from __future__ import annotations

import random

import pytest

from desktop_sim.transport.backoff import Backoff


def test_ws_5_it_starts_at_three_seconds_and_doubles_up_to_the_cap() -> None:
    backoff = Backoff(lambda: 0.5)
    assert [backoff.next() for _ in range(9)] == [3, 6, 12, 24, 48, 96, 192, 300, 300]


@pytest.mark.parametrize("share, first, last", [(0.0, 2.25, 225.0), (0.75, 3.375, 300.0)])
def test_ws_5_the_random_share_never_exceeds_the_cap(share: float, first: float, last: float) -> None:
    backoff = Backoff(lambda: share)
    assert backoff.next() == first
    assert [backoff.next() for _ in range(20)][-1] == last


def test_ws_5_stations_spread() -> None:
    dice = random.Random(1)
    waits = {round(Backoff(dice.random).next(), 3) for _ in range(50)}
    assert len(waits) > 40
    assert all(2.25 <= wait <= 3.75 for wait in waits)


@pytest.mark.parametrize("lived, following", [(60.0, 12.0), (60.1, 3.0)])
def test_ws_5_a_connection_that_lived_starts_anew(lived: float, following: float) -> None:
    backoff = Backoff(lambda: 0.5)
    backoff.next()
    backoff.next()
    backoff.connection_lived(lived)
    assert backoff.next() == following


def test_other_numbers() -> None:
    backoff = Backoff(lambda: 0.0, start=1.0, cap=4.0, jitter=0.0)
    assert [backoff.next() for _ in range(4)] == [1, 2, 4, 4]
    backoff.reset()
    assert backoff.next() == 1
