"""One connector, electrically: its causes and its observations.

Everything is exact and deterministic; how, is in `integrator`. The station calls a cause with the simulated instant
first, asks `next_change` when to call `advance`, and reads the observations, which hold for the last instant given.
"""

from collections.abc import Sequence

from desktop_sim.physics import limits
from desktop_sim.physics.anchor import Anchor, join, split
from desktop_sim.physics.battery import NANOJOULES_PER_WH, STEPS, car_of
from desktop_sim.physics.integrator import Integrator
from desktop_sim.physics.limits import Conditions
from desktop_sim.physics.supply import OutletRating
from desktop_sim.physics.vehicle import Vehicle


class Outlet:
    """One connector: supply, cable, car, contactor; everything that decides what flows.

    A cause brings the outlet up to its instant and then takes effect; time never runs backwards (ValueError).
    """

    __slots__ = ("_heart", "_known", "_last_car")

    def __init__(self, rating: OutletRating, now: int) -> None:
        volts = (rating.supply.millivolts,) * rating.supply.phases
        self._heart = Integrator(Conditions(rating=rating, millivolts=volts), now)
        self._known: limits.View | None = None
        self._last_car: str | None = None

    # --- causes ---------------------------------------------------------------------------------------------

    def connect_vehicle(self, now: int, vehicle: Vehicle, soc: float | None = None) -> None:
        """The cable goes into a car, or the car that is there becomes this one.

        Args:
            now: simulated µs.
            vehicle: the car; another name is another car.
            soc: state of charge in percent; None = as it was if it is the same car, else as it arrives.
        """
        self.advance(now)
        there = self.vehicle
        if there and there.name != vehicle.name:
            self.disconnect_vehicle(now)
        car = car_of(vehicle)
        if soc is not None or vehicle.name != self._last_car:
            self._heart.charge = car.charge_at(vehicle.soc if soc is None else soc)
        self._heart.charge = min(self._heart.charge, car.capacity)
        self._last_car = vehicle.name
        self._heart.change(car=car, asleep=False)

    def disconnect_vehicle(self, now: int) -> None:
        """The cable leaves the car. Its charge is remembered, its pause is not."""
        self.advance(now)
        self._heart.change(car=None, paused=False, asleep=False)

    def close_contactor(self, now: int) -> None:
        """The station switches the outlet on."""
        self.advance(now)
        self._heart.change(contactor=True)

    def open_contactor(self, now: int) -> None:
        """The station switches the outlet off; nothing flows from this instant."""
        self.advance(now)
        self._heart.change(contactor=False)

    def offer(self, now: int, milliamps: int | None, milliwatts: int | None = None) -> None:
        """The station offers so much per phase, and so much power in all; None = no limit but the ratings.

        On AC less than 6 A counts as nothing (SC-SET-23). A power is spread over the phases offered.
        """
        self.advance(now)
        self._heart.change(offer=_not_negative(milliamps), offer_power=_not_negative(milliwatts))

    def offered_phases(self, now: int, phases: int) -> None:
        """The station lets 1, 2 or 3 phases be used; no effect on DC."""
        self.advance(now)
        self._heart.change(phases=max(1, min(3, phases)))

    def request(self, now: int, milliamps: int | None) -> None:
        """The slider: the driver lets the car ask for so much per phase; None = as much as it can."""
        self.advance(now)
        self._heart.change(slider=_not_negative(milliamps))

    def pause(self, now: int, paused: bool) -> None:
        """The car pauses or goes on; going on also wakes a car that fell asleep."""
        self.advance(now)
        self._heart.change(paused=paused, asleep=self.asleep and paused)

    def set_supply(self, now: int, millivolts: int | Sequence[int]) -> None:
        """The mains voltage becomes this, for all phases or for each; 0 = power cut or a lost phase."""
        self.advance(now)
        phases = self.rating.supply.phases
        volts = (millivolts,) * phases if isinstance(millivolts, int) else tuple(millivolts)
        if len(volts) != phases:
            raise ValueError(f"This supply has {phases} phases, not {len(volts)}.")
        self._heart.change(millivolts=tuple(max(0, volt) for volt in volts))

    def set_cable(self, now: int, milliamps: int | None) -> None:
        """A cable with this rating is in the socket; None = no limit by a cable but a fixed one."""
        self.advance(now)
        self._heart.change(cable=_not_negative(milliamps))

    def advance(self, now: int) -> None:
        """Brings everything up to an instant: integrates and takes the steps that are due."""
        self._heart.advance(now)

    def next_change(self) -> int | None:
        """When the outlet next changes by itself, simulated µs; None = never."""
        return self._heart.next_change

    def restore(self, now: int, anchor: Anchor) -> None:
        """Takes up what an anchor kept. The registers never run back, whatever the anchor says.

        The battery is kept for the car of that name: plug it in without an SoC and it is as it was.
        """
        self.advance(now)
        heart = self._heart
        heart.register = max(heart.register, join(anchor.register))
        heart.reactive = max(heart.reactive, join(anchor.reactive))
        if anchor.vehicle is not None and self.vehicle is None:
            self._last_car, heart.charge = anchor.vehicle, join(anchor.charge)

    def anchor(self) -> Anchor:
        """What must outlive the program, as plain data."""
        heart = self._heart
        return Anchor(
            instant=heart.now,
            register=split(heart.register),
            reactive=split(heart.reactive),
            vehicle=self._last_car,
            charge=split(heart.charge),
        )

    # --- who is there ---------------------------------------------------------------------------------------

    @property
    def now(self) -> int:
        """The instant all observations hold for, simulated µs."""
        return self._heart.now

    @property
    def state(self) -> tuple[object, ...]:
        """Equal as long as all observations are."""
        heart = self._heart
        return heart.now, heart.charge, heart.register, heart.flow, heart.conditions

    @property
    def rating(self) -> OutletRating:
        """What the connector is built for."""
        return self._heart.conditions.rating

    @property
    def vehicle(self) -> Vehicle | None:
        """The car whose end of the cable is in."""
        car = self._heart.conditions.car
        return car.vehicle if car else None

    @property
    def contactor_closed(self) -> bool:
        """Whether the station has switched the outlet on."""
        return self._heart.conditions.contactor

    @property
    def requested_milliamps(self) -> int | None:
        """Where the slider stands, mA per phase; None = as much as the car can."""
        return self._heart.conditions.slider

    @property
    def paused(self) -> bool:
        """Whether the car pauses."""
        return self._heart.conditions.paused

    @property
    def asleep(self) -> bool:
        """Whether the car has fallen asleep over an interruption."""
        return self._heart.conditions.asleep

    @property
    def soc_percent(self) -> float | None:
        """State of charge of the car that is plugged in, percent; None = no car."""
        car = self._heart.conditions.car
        return 100 * self._heart.charge / car.capacity if car else None

    @property
    def soc_permille(self) -> int | None:
        """The same in whole permille, rounded down: 1000 only when full."""
        car = self._heart.conditions.car
        return 1000 * self._heart.charge // car.capacity if car else None

    @property
    def full(self) -> bool:
        """Whether a car is there and its battery is full."""
        return self._heart.conditions.car is not None and self._heart.step == STEPS

    # --- what flows -----------------------------------------------------------------------------------------

    @property
    def milliamps(self) -> tuple[int, ...]:
        """Current of L1…L3 (on DC: of the pair), mA."""
        return self._heart.flow.milliamps

    @property
    def millivolts(self) -> tuple[int, ...]:
        """Voltage of L1…L3 at the meter, mV; on DC the battery's, and 0 while the outlet is off."""
        state = self._heart.conditions
        if not state.on_dc:
            return state.millivolts
        live = state.contactor and all(state.millivolts)
        return (limits.driving_millivolts(state, self._heart.step) if live else 0,)

    @property
    def phase_milliwatts(self) -> tuple[int, ...]:
        """Active power of L1…L3, mW."""
        return self._heart.flow.milliwatts

    @property
    def has_mains(self) -> bool:
        """Whether any phase of the mains is there."""
        return any(self._heart.conditions.millivolts)

    @property
    def milliwatts(self) -> int:
        """Active power, mW: the sum of the phases."""
        return self._heart.flow.total

    @property
    def power_factor_permille(self) -> int:
        """cos φ of what flows, in permille; 1000 when nothing does."""
        state = self._heart.conditions
        return state.car.power_factor_permille if state.car and self.draws and not state.on_dc else 1000

    @property
    def draws(self) -> bool:
        """Whether current flows."""
        return any(self._heart.flow.milliamps)

    @property
    def register_nanojoules(self) -> int:
        """Active energy imported since ever, nJ (= mW·µs), exact."""
        return self._heart.register

    @property
    def register_wh(self) -> int:
        """The same as a meter shows it: whole Wh, rounded down."""
        return self._heart.register // NANOJOULES_PER_WH

    @property
    def reactive_varh(self) -> int:
        """Reactive energy imported since ever, whole varh, rounded down."""
        return self._heart.reactive // NANOJOULES_PER_WH

    # --- who decides ----------------------------------------------------------------------------------------

    @property
    def offered_milliamps(self) -> int:
        """What the station signals, mA per phase: 0 or, on AC, at least 6 A. The contactor does not matter."""
        return self._view().signalled

    @property
    def offered_milliwatts(self) -> int:
        """The same as power over all phases offered, mW."""
        volts = limits.driving_millivolts(self._heart.conditions, self._heart.step)
        return self.offered_milliamps * volts // 1000

    @property
    def wants_energy(self) -> bool:
        """Whether the car would draw if the station let it: not full, not paused, enough asked for …"""
        return self._view().wants

    @property
    def limit_milliamps(self) -> dict[str, int]:
        """Every limit by name, mA per phase; `limits.UNLIMITED` where there is none."""
        return dict(zip(limits.NAMES, self._view().currents, strict=True))

    @property
    def decided_by(self) -> str:
        """The name of the smallest limit; the first of `limits.NAMES` when several are equal."""
        values = self._view().currents
        return limits.NAMES[values.index(min(values))]

    def _view(self) -> limits.View:
        """Who limits what, worked out once for the conditions and the step of the SoC that hold."""
        state, step = self._heart.conditions, self._heart.step
        view = self._known
        if view is None or view.conditions is not state or view.step != step:
            view = self._known = limits.view(state, step)
        return view


def _not_negative(value: int | None) -> int | None:
    """No limit stays none; a limit below nothing is nothing."""
    return None if value is None else max(0, value)
