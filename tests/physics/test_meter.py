"""What the meter shows: places, phases, figures, noise."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_sim.physics import Outlet
from desktop_sim.physics.meter import Noise, between_phases, measurands, noisy, read, values
from tests.physics.outlets import HOUR, MINUTE, car, charging, outlet


def shown(one: Outlet, measurand: str) -> dict[str | None, Decimal]:
    return dict(values(read(one), measurand))


def same(*numbers: int) -> list[int]:
    """A source of chance that gives these numbers, one after the other."""
    return list(reversed(numbers))


class TestOnePhase:
    one = charging(car())

    @pytest.mark.parametrize(
        "measurand, value",
        [
            ("Energy.Active.Import.Register", "61"),
            ("Power.Active.Import", "3680"),
            ("Current.Import", "16"),
            ("Voltage", "230"),
            ("Power.Offered", "7360"),
            ("Current.Offered", "32"),
            ("Power.Factor", "1"),
            ("Frequency", "50"),
            ("SoC", "30.1"),
            ("Temperature", "26.2"),  # 20 °C and a quarter of 25 K
            ("Power.Reactive.Import", "0"),
            ("Power.Active.Export", "0"),
            ("Current.Export", "0"),
            ("Energy.Active.Export.Register", "0"),
            ("Energy.Reactive.Import.Register", "0"),
        ],
    )
    def test_every_measurand_has_its_figure_and_no_phase(self, measurand: str, value: str) -> None:
        assert shown(self.one, measurand) == {None: Decimal(value)}

    def test_everything_that_can_be_measured_has_a_reading(self) -> None:
        assert all(values(read(self.one), name) for name in measurands(self.one.rating))
        assert len(measurands(self.one.rating)) == 19

    def test_what_cannot_be_measured_has_none(self) -> None:
        assert values(read(self.one), "RPM") == []
        assert values(read(outlet()), "SoC") == []


class TestThreePhases:
    one = charging(car(ac_phases=2), phases=3)

    def test_currents_and_voltages_are_told_phase_by_phase(self) -> None:
        assert shown(self.one, "Current.Import") == {"L1": 16, "L2": 16, "L3": 0}
        assert shown(self.one, "Voltage") == {"L1": 230, "L2": 230, "L3": 230}
        assert shown(self.one, "Current.Export") == {"L1": 0, "L2": 0, "L3": 0}

    def test_powers_have_a_sum_as_well(self) -> None:
        assert shown(self.one, "Power.Active.Import") == {None: 7360, "L1": 3680, "L2": 3680, "L3": 0}

    def test_the_offer_is_per_phase_in_amperes_and_a_sum_in_watts(self) -> None:
        one = charging(phases=3)
        one.offer(MINUTE, 10_000)
        assert shown(one, "Current.Offered") == {None: 10}
        assert shown(one, "Power.Offered") == {None: 6900}

    def test_voltages_between_phases(self) -> None:
        assert between_phases(read(self.one)) == [
            ("L1-L2", Decimal("398.371")),
            ("L2-L3", Decimal("398.371")),
            ("L3-L1", Decimal("398.371")),
        ]
        assert between_phases(read(outlet())) == []


class TestDirectCurrent:
    one = charging(car(), "DC", slider=100_000, milliamps=200_000)

    def test_it_has_one_pair(self) -> None:
        assert shown(self.one, "Current.Import") == {None: 100}
        assert shown(self.one, "Voltage") == {None: 400}
        assert shown(self.one, "Power.Active.Import") == {None: 40_000}

    @pytest.mark.parametrize("measurand", ["Frequency", "Power.Factor", "Power.Reactive.Import"])
    def test_it_has_nothing_that_alternates(self, measurand: str) -> None:
        assert shown(self.one, measurand) == {}
        assert measurand not in measurands(self.one.rating)


def test_a_poor_power_factor_shows_in_reactive_power_and_energy() -> None:
    one = charging(car(power_factor=0.6))
    one.advance(MINUTE + HOUR)
    assert shown(one, "Power.Active.Import") == {None: 2208}
    assert shown(one, "Power.Reactive.Import") == {None: 2944}
    assert shown(one, "Power.Factor") == {None: Decimal("0.6")}
    assert shown(one, "Energy.Reactive.Import.Register") == {None: one.reactive_varh}
    one.open_contactor(one.now)
    assert shown(one, "Power.Factor") == {None: 1}


def test_without_mains_there_is_no_frequency_and_no_voltage() -> None:
    one = charging()
    one.set_supply(MINUTE, 0)
    assert shown(one, "Frequency") == {None: 0}
    assert shown(one, "Voltage") == {None: 0}
    assert shown(one, "Current.Offered") == {None: 0}


class TestNoise:
    def test_the_power_follows_from_what_is_displayed(self) -> None:
        numbers = same(2**64 - 1)
        sample = read(charging(), Noise(current=15), numbers.pop)
        assert sample.milliamps == (16_240,)
        assert sample.millivolts == (230_000,)
        assert sample.milliwatts == (3_735_200,)

    def test_voltage_comes_before_current_and_line_before_line(self) -> None:
        numbers = same(0, 2**63, 2**63, 2**64 - 1)
        sample = read(charging(phases=2), Noise(current=10, voltage=10), numbers.pop)
        assert sample.millivolts == (227_700, 230_000)
        assert sample.milliamps == (16_000, 16_160)
        assert numbers == []

    def test_nothing_is_drawn_for_what_has_no_noise(self) -> None:
        assert read(charging(), Noise(), same().pop) == read(charging())

    def test_the_register_and_the_outlet_have_none(self) -> None:
        one = charging()
        before = one.anchor()
        assert read(one, Noise(current=15), same(0).pop).register_wh == before.register[0]
        assert one.anchor() == before
        assert one.milliamps == (16_000,)

    @given(st.integers(0, 10**9), st.integers(0, 500), st.integers(0, 2**64 - 1))
    def test_it_stays_within_its_bounds(self, value: int, permille: int, chance: int) -> None:
        assert abs(noisy(value, permille, lambda: chance) - value) <= (value * permille + 999) // 1000
        assert noisy(value, 0, lambda: chance) == value
        assert noisy(0, permille, lambda: chance) == 0

    def test_it_is_even(self) -> None:
        spread = [noisy(16_000, 15, lambda place=place: place << 54) for place in range(1024)]  # type: ignore[misc]
        assert (min(spread), max(spread)) == (15_760, 16_240)
        assert abs(sum(spread) / len(spread) - 16_000) < 1
