"""One connector, electrically: what flows, what the meter has counted, how full the battery is.

The power is constant between two events. Events are the causes from outside (each takes the simulated instant in µs
first) and a few from inside: a step of the ramp, a step of the SoC staircase, the car falling asleep. So everything is
integrated exactly in whole numbers, the work is done per event and never per second, and looking at the outlet at any
instant in between changes nothing.
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from desktop_sim.physics import limits
from desktop_sim.physics.battery import NANOJOULES_PER_WH, RAMP_MICROSECONDS, STEPS, car_of
from desktop_sim.physics.flow import NOTHING, Flow, flow_of
from desktop_sim.physics.limits import Conditions
from desktop_sim.physics.supply import OutletRating
from desktop_sim.physics.vehicle import Vehicle


class Anchor(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What of an outlet outlives the program. Energies are pairs (whole units, rest), so that 64 bits hold them.

    Attributes:
        instant: when it was taken, simulated µs.
        register: active energy imported, (Wh, nJ).
        reactive: reactive energy imported, (varh, nvars).
        vehicle: name of the car last seen, if any.
        charge: its battery, (Wh·‰, nJ·‰ below one Wh·‰).
    """

    instant: int
    register: tuple[int, int]
    reactive: tuple[int, int] = (0, 0)
    vehicle: str | None = None
    charge: tuple[int, int] = (0, 0)


class Outlet:
    """One connector: supply, cable, car, contactor; everything that decides what flows.

    A cause first brings the outlet up to its instant, then takes effect. The observations hold for the last instant
    given. Time never runs backwards.
    """

    __slots__ = (
        "_charge", "_conditions", "_current", "_flow", "_last_car", "_next", "_now", "_powered", "_ramp_at",
        "_reactive", "_register", "_sleep_at", "_target",
    )  # fmt: skip

    def __init__(self, rating: OutletRating, now: int) -> None:
        volts = (rating.supply.millivolts,) * rating.supply.phases
        self._conditions = Conditions(rating=rating, millivolts=volts)
        self._now = now
        self._register = self._reactive = self._charge = 0
        self._last_car: str | None = None
        self._flow: Flow = NOTHING[rating.supply.lines]
        self._current = self._target = 0
        self._ramp_at = now
        self._powered = False
        self._sleep_at: int | None = None
        self._next: int | None = None

    # --- causes -----------------------------------------------------------------------------------------------

    def connect_vehicle(self, now: int, vehicle: Vehicle, soc: float | None = None) -> None:
        """The cable goes into a car; `soc` in percent. None: as it was, if it is the same car, else as it arrives."""
        self.advance(now)
        car = car_of(vehicle)
        if soc is not None or vehicle.name != self._last_car:
            self._charge = car.charge_at(vehicle.soc if soc is None else soc)
        self._charge = min(self._charge, car.capacity)
        self._last_car = vehicle.name
        self._change(car=car, asleep=False)

    def disconnect_vehicle(self, now: int) -> None:
        """The cable leaves the car. Its charge is remembered, its pause is not."""
        self.advance(now)
        self._change(car=None, paused=False, asleep=False)

    def close_contactor(self, now: int) -> None:
        """The station switches the outlet on."""
        self.advance(now)
        self._change(contactor=True)

    def open_contactor(self, now: int) -> None:
        """The station switches the outlet off; nothing flows from this instant."""
        self.advance(now)
        self._change(contactor=False)

    def offer(self, now: int, milliamps: int | None, milliwatts: int | None = None) -> None:
        """The station offers so much per phase, and so much power in all; None = no limit but the ratings.

        On AC less than 6 A counts as nothing (SC-SET-23).
        """
        self.advance(now)
        self._change(offer=_not_negative(milliamps), offer_power=_not_negative(milliwatts))

    def offered_phases(self, now: int, phases: int) -> None:
        """The station lets 1, 2 or 3 phases be used; no effect on DC."""
        self.advance(now)
        self._change(phases=max(1, min(3, phases)))

    def request(self, now: int, milliamps: int | None) -> None:
        """The slider: the driver lets the car ask for so much per phase; None = as much as it can."""
        self.advance(now)
        self._change(slider=_not_negative(milliamps))

    def pause(self, now: int, paused: bool) -> None:
        """The car pauses or goes on; going on also wakes a car that fell asleep."""
        self.advance(now)
        self._change(paused=paused, asleep=self._conditions.asleep and paused)

    def set_supply(self, now: int, millivolts: int | Sequence[int]) -> None:
        """The mains voltage becomes this, for all phases or for each; 0 = power cut or a lost phase."""
        self.advance(now)
        phases = self._conditions.rating.supply.phases
        volts = (millivolts,) * phases if isinstance(millivolts, int) else tuple(millivolts)
        if len(volts) != phases:
            raise ValueError(f"This supply has {phases} phases, not {len(volts)}.")
        self._change(millivolts=tuple(max(0, volt) for volt in volts))

    def set_cable(self, now: int, milliamps: int | None) -> None:
        """A cable with this rating is in the socket; None = no limit by a cable."""
        self.advance(now)
        self._change(cable=_not_negative(milliamps))

    def advance(self, now: int) -> None:
        """Brings everything up to an instant.

        Raises:
            ValueError: the instant lies before the last one.
        """
        if now < self._now:
            raise ValueError(f"Time runs forward: {now} lies before {self._now}.")
        while self._next is not None and self._next <= now:
            self._flow_until(self._next)
            self._settle()
        self._flow_until(now)

    def next_change(self) -> int | None:
        """When the outlet next changes by itself, simulated µs; None = never."""
        return self._next

    def restore(self, now: int, anchor: Anchor) -> None:
        """Takes up what an anchor kept. The registers never run back, whatever the anchor says."""
        self.advance(now)
        self._register = max(self._register, _join(anchor.register, NANOJOULES_PER_WH))
        self._reactive = max(self._reactive, _join(anchor.reactive, NANOJOULES_PER_WH))
        if anchor.vehicle is not None and self._conditions.car is None:
            self._last_car, self._charge = anchor.vehicle, _join(anchor.charge, NANOJOULES_PER_WH)

    # --- observations -----------------------------------------------------------------------------------------

    @property
    def now(self) -> int:
        """The instant all observations hold for, simulated µs."""
        return self._now

    @property
    def rating(self) -> OutletRating:
        """What the connector is built for."""
        return self._conditions.rating

    @property
    def vehicle(self) -> Vehicle | None:
        """The car whose end of the cable is in."""
        return self._conditions.car.vehicle if self._conditions.car else None

    @property
    def contactor_closed(self) -> bool:
        """Whether the station has switched the outlet on."""
        return self._conditions.contactor

    @property
    def paused(self) -> bool:
        """Whether the car pauses."""
        return self._conditions.paused

    @property
    def asleep(self) -> bool:
        """Whether the car has fallen asleep over an interruption."""
        return self._conditions.asleep

    @property
    def requested_milliamps(self) -> int | None:
        """Where the slider stands, mA per phase; None = as much as the car can."""
        return self._conditions.slider

    @property
    def milliamps(self) -> tuple[int, ...]:
        """Current of L1…L3 (on DC: of the pair), mA."""
        return self._flow.milliamps

    @property
    def millivolts(self) -> tuple[int, ...]:
        """Voltage of L1…L3 at the meter, mV; on DC the battery's, and 0 while the contactor is open."""
        state = self._conditions
        if not state.on_dc:
            return state.millivolts
        live = state.contactor and all(state.millivolts)
        return (limits.driving_millivolts(state, self._step(), 1) if live else 0,)

    @property
    def phase_milliwatts(self) -> tuple[int, ...]:
        """Active power of L1…L3, mW."""
        return self._flow.milliwatts

    @property
    def milliwatts(self) -> int:
        """Active power, mW: the sum of the phases."""
        return self._flow.total

    @property
    def reactive_millivars(self) -> int:
        """Reactive power, mvar."""
        return self._flow.reactive

    @property
    def register_nanojoules(self) -> int:
        """Active energy imported since ever, nJ (= mW·µs), exact."""
        return self._register

    @property
    def register_wh(self) -> int:
        """The same as a meter shows it: whole Wh, rounded down."""
        return self._register // NANOJOULES_PER_WH

    @property
    def reactive_varh(self) -> int:
        """Reactive energy imported since ever, whole varh."""
        return self._reactive // NANOJOULES_PER_WH

    @property
    def soc_percent(self) -> float | None:
        """State of charge of the car that is plugged in, percent; None = no car."""
        car = self._conditions.car
        return 100 * self._charge / car.capacity if car else None

    @property
    def offered_milliamps(self) -> int:
        """What the station signals, mA per phase: 0 or, on AC, at least 6 A. The contactor does not matter."""
        return limits.signalled(self._conditions, self._step())

    @property
    def offered_lines(self) -> int:
        """Phases the station lets be used; one pair on DC."""
        return self._conditions.lines_offered

    @property
    def offered_milliwatts(self) -> int:
        """What the station offers in all, mW."""
        volts = limits.driving_millivolts(self._conditions, self._step(), self._conditions.lines_offered)
        return self.offered_milliamps * volts // 1000

    @property
    def wants_energy(self) -> bool:
        """Whether the car would draw if the station let it: connected, not full, not paused, enough asked for."""
        return limits.wants(self._conditions, self._step())

    @property
    def draws(self) -> bool:
        """Whether current flows."""
        return any(self._flow.milliamps)

    @property
    def full(self) -> bool:
        """Whether a car is there and its battery is full."""
        return self._conditions.car is not None and self._step() == STEPS

    @property
    def limit_milliamps(self) -> dict[str, int]:
        """Every limit by name, mA per phase; `limits.UNLIMITED` where there is none."""
        return dict(zip(limits.NAMES, limits.currents(self._conditions, self._step()), strict=True))

    @property
    def decided_by(self) -> str:
        """The name of the smallest limit; the first of `limits.NAMES` when several are equal."""
        values = limits.currents(self._conditions, self._step())
        return limits.NAMES[values.index(min(values))]

    def anchor(self) -> Anchor:
        """What must outlive the program, as plain data."""
        return Anchor(
            instant=self._now,
            register=divmod(self._register, NANOJOULES_PER_WH),
            reactive=divmod(self._reactive, NANOJOULES_PER_WH),
            vehicle=self._last_car,
            charge=divmod(self._charge, NANOJOULES_PER_WH),
        )

    # --- the calculation --------------------------------------------------------------------------------------

    def _step(self) -> int:
        """The step of the SoC staircase; 0 without a car."""
        car = self._conditions.car
        return car.step_at(self._charge) if car else 0

    def _change(self, **changes: Any) -> None:
        """Lets a cause take effect at the present instant."""
        self._conditions = msgspec.structs.replace(self._conditions, **changes)
        self._settle()

    def _flow_until(self, instant: int) -> None:
        """Integrates the constant flow up to an instant at which nothing has changed yet."""
        if self._flow.total:
            elapsed = instant - self._now
            self._register += self._flow.total * elapsed
            self._reactive += self._flow.reactive * elapsed
            car = self._conditions.car
            if car:
                self._charge = min(car.capacity, self._charge + self._flow.charging * elapsed)
        self._now = instant

    def _settle(self) -> None:
        """Works out what flows from now on and when that changes by itself. Doing it twice changes nothing."""
        step = self._step()
        self._notice_power(limits.powered(self._conditions, step))
        if self._sleep_at is not None and self._sleep_at <= self._now:
            self._sleep_at = None
            self._conditions = msgspec.structs.replace(self._conditions, asleep=True)
        allowed = min(limits.currents(self._conditions, step))
        self._target = allowed if self._powered else 0
        self._ramp(step)
        self._flow = flow_of(self._conditions, step, self._current)
        self._next = self._earliest(step)

    def _notice_power(self, powered: bool) -> None:
        """Energy has come within the car's reach (it wakes) or gone (it may fall asleep)."""
        car = self._conditions.car
        if car is None or powered:
            self._sleep_at = None
        elif self._powered and car.sleep_microseconds and not self.full:
            self._sleep_at = self._now + car.sleep_microseconds
        if car and powered and not self._powered:
            self._ramp_at = max(self._ramp_at, self._now + car.wake_microseconds)
        self._powered = powered

    def _ramp(self, step: int) -> None:
        """Falls at once; rises by at most one ramp step, and that no sooner than one ramp interval after the last."""
        if self._target <= self._current:
            self._current = self._target
        elif self._now >= self._ramp_at:
            self._current = min(self._target, self._current + self._ramp_step(step))
            self._ramp_at = self._now + RAMP_MICROSECONDS

    def _ramp_step(self, step: int) -> int:
        """The height of one ramp step, mA per phase."""
        car = self._conditions.car
        if car is None:
            return 0
        return (
            car.dc_ramp_milliwatts * 1000 // car.dc_millivolts[step]
            if self._conditions.on_dc
            else car.ac_ramp_milliamps
        )

    def _earliest(self, step: int) -> int | None:
        """The next instant at which something changes by itself."""
        instants = [] if self._sleep_at is None else [self._sleep_at]
        if self._current < self._target:
            instants.append(self._ramp_at)
        car = self._conditions.car
        if car and self._flow.charging and step < STEPS:
            missing = car.charge_of_step(step + 1) - self._charge
            instants.append(self._now - -missing // self._flow.charging)
        return min(instants, default=None)


def _not_negative(value: int | None) -> int | None:
    """No limit stays none; a limit below nothing is nothing."""
    return None if value is None else max(0, value)


def _join(pair: tuple[int, int], unit: int) -> int:
    """The whole and the rest as one number again."""
    return pair[0] * unit + pair[1]
