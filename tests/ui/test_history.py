"""The past of a connector: what the scope can still show of it."""

import numpy as np
import pytest

from desktop_sim.station.turn import SECOND, Reading
from desktop_sim.ui import history as h
from desktop_sim.ui.history import History

START = 1_748_847_600 * SECOND


def reading(seconds: float, watts: float = 0.0, offered: float = 32.0, soc: float | None = 30.0) -> Reading:
    """What a connector says at that second."""
    return Reading(
        connector=1,
        sim=START + round(seconds * SECOND),
        milliwatts=round(watts * 1000),
        milliamps=(round(watts / 230 * 1000),),
        millivolts=(230_000,),
        register=0,
        energy_wh=0,
        session_wh=None,
        soc=soc,
        offered_a=offered,
        limit_a=offered,
        slider_a=16.0,
        decided_by="slider",
    )


def put(history: History, seconds: float, watts: float = 0.0, **more: float) -> None:
    """A reading during a transaction."""
    history.put(reading(seconds, watts, **more), offering=True)


def test_a_level_line_is_two_points_however_long() -> None:
    history = History()
    for place in range(2000):
        put(history, place * 0.1, 3680)
    rows = history.window(START + 200 * SECOND, 60)
    assert len(rows) == 2
    assert rows[-1, h.TIME] == pytest.approx(-0.1)
    assert set(rows[:, h.WATTS]) == {3680}


def test_an_edge_stays_sharp_after_a_long_level() -> None:
    history = History()
    for place in range(100):
        put(history, place * 0.1, 0)
    put(history, 10.0, 3680)
    rows = history.window(START + 10 * SECOND, 60)
    assert rows[-1, h.WATTS] == 3680
    assert rows[-2, h.WATTS] == 0
    assert rows[-1, h.TIME] - rows[-2, h.TIME] == pytest.approx(0.1)


def test_an_edge_just_after_another_point_does_not_drift() -> None:
    history = History()
    put(history, 0, 0)
    for place in range(1, 300):
        put(history, 0.2 + place * 0.1, 3680)
    for span in (60, 300):
        rows = history.window(START + 30 * SECOND, span)
        edge = rows[rows[:, h.WATTS] == 3680][0, h.TIME]
        assert edge == pytest.approx(-29.7), "where the power rose"


def test_times_are_counted_back_from_now() -> None:
    history = History()
    put(history, 0, 0)
    put(history, 5, 1000)
    put(history, 9, 2000)
    rows = history.window(START + 10 * SECOND, 60)
    assert rows[:, h.TIME].tolist() == [-10, -5, -1]


def test_only_what_is_in_the_window_and_the_point_before() -> None:
    history = History()
    for place in range(0, 70, 2):
        put(history, place, place)
    rows = history.window(START + 70 * SECOND, 60)
    assert rows[0, h.TIME] < -60 <= rows[1, h.TIME]


def test_fifteen_minutes_stay_within_the_coarse_ring() -> None:
    history = History()
    for place in range(20 * 60 * 10):
        put(history, place * 0.1, place)
    rows = history.window(START + 20 * 60 * SECOND, 900)
    assert 900 <= len(rows) <= 2000
    assert rows[-1, h.TIME] == pytest.approx(-0.1)
    assert rows[0, h.TIME] <= -899


def test_watts_offered_follow_from_amperes_and_volts() -> None:
    history = History()
    put(history, 0, 0, offered=16.0)
    rows = history.window(START, 60)
    assert rows[-1, h.OFFERED_W] == 16 * 230
    assert rows[-1, h.LIMIT_A] == 16


def test_nothing_is_offered_without_a_transaction() -> None:
    history = History()
    history.put(reading(0), offering=False)
    rows = history.window(START, 60)
    assert rows[-1, h.OFFERED_A] == 0
    assert rows[-1, h.LIMIT_A] == 32


def test_no_car_means_no_state_of_charge() -> None:
    history = History()
    history.put(reading(0, soc=None), offering=False)
    assert np.isnan(history.window(START, 60)[-1, h.SOC])


def test_the_picture_moves_while_a_change_is_in_sight_and_rests_afterwards() -> None:
    history = History()
    put(history, 0, 0)
    put(history, 1, 3680)
    put(history, 2, 3680)
    assert history.moves_in(START + 30 * SECOND, 60, (h.WATTS,))
    assert not history.moves_in(START + 70 * SECOND, 60, (h.WATTS,))
    assert history.moves_in(START + 70 * SECOND, 300, (h.WATTS,))


def test_only_what_is_drawn_moves_the_picture() -> None:
    history = History()
    put(history, 0, 3680, soc=30.0)
    put(history, 100, 3680, soc=31.0)
    assert not history.moves_in(START + 100 * SECOND, 60, (h.WATTS, h.LIMIT_W))
    assert history.moves_in(START + 100 * SECOND, 60, (h.SOC,))


def test_a_flag_moves_the_picture_as_well() -> None:
    history = History()
    put(history, 0, 0)
    put(history, 1000, 0)
    assert not history.moves_in(START + 1000 * SECOND, 60, (h.WATTS,))
    history.flag(START + 990 * SECOND, "Fault", "bad")
    assert history.moves_in(START + 1000 * SECOND, 60, (h.WATTS,))
    [(place, flag)] = history.flags_in(START + 1000 * SECOND, 60)
    assert (place, flag.text) == (-10, "Fault")


def test_a_clock_that_is_set_back_starts_a_new_curve() -> None:
    history = History()
    put(history, 100, 1000)
    put(history, 50, 2000)
    rows = history.window(START + 50 * SECOND, 60)
    assert rows[:, h.WATTS].tolist() == [2000]


def test_many_flags_are_forgotten_oldest_first() -> None:
    history = History()
    for place in range(1000):
        history.flag(START + place, str(place), "accent")
    assert len(history.flags) <= 400
    assert history.flags[-1].text == "999"
