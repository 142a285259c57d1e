"""The heart of an outlet: from one event to the next, in closed form and in whole numbers.

The power is constant between two events. Causes from outside come through `change`; from inside come a step of the
ramp, a step of the SoC staircase and the car falling asleep. Looking at any instant in between changes nothing.
"""

from typing import Any

import msgspec

from desktop_sim.physics.battery import RAMP_MICROSECONDS, STEPS, Car
from desktop_sim.physics.flow import NOTHING, Flow, flow_of
from desktop_sim.physics.limits import Conditions, currents, has_power


class Integrator:
    """Conditions in, flow and registers out.

    Attributes:
        conditions: everything outside the battery that decides what flows.
        now: the instant all else holds for, simulated µs.
        register: active energy imported, nJ.
        reactive: reactive energy imported, nvars.
        charge: charge of the car that is there or was there last, nJ·‰.
        flow: what flows from `now` until `next_change`.
        next_change: when something changes by itself, simulated µs; None = never.
        step: the step of the SoC staircase the battery is on; 0 without a car.
    """

    __slots__ = (
        "_current",
        "_powered",
        "_ramp_at",
        "_sleep_at",
        "_target",
        "charge",
        "conditions",
        "flow",
        "next_change",
        "now",
        "reactive",
        "register",
        "step",
    )

    def __init__(self, conditions: Conditions, now: int) -> None:
        self.conditions = conditions
        self.now = now
        self.register = self.reactive = self.charge = self.step = 0
        self.flow: Flow = NOTHING[conditions.rating.supply.lines]
        self.next_change: int | None = None
        self._current = self._target = 0
        self._powered = False
        self._ramp_at = now
        self._sleep_at: int | None = None

    def advance(self, now: int) -> None:
        """Brings everything up to an instant.

        Raises:
            ValueError: the instant lies before the last one.
        """
        if now < self.now:
            raise ValueError(f"Time runs forward: {now} lies before {self.now}.")
        while self.next_change is not None and self.next_change <= now:
            self._flow_until(self.next_change)
            self._settle()
        self._flow_until(now)

    def change(self, **changes: Any) -> None:
        """Replaces conditions at the present instant."""
        self.conditions = msgspec.structs.replace(self.conditions, **changes)
        self._settle()

    def _flow_until(self, instant: int) -> None:
        """Integrates the constant flow up to an instant before which nothing changes."""
        flow, car = self.flow, self.conditions.car
        if flow.total and car:
            elapsed = instant - self.now
            self.register += flow.total * elapsed
            self.reactive += flow.reactive * elapsed
            self.charge = min(car.capacity, self.charge + flow.charging * elapsed)
        self.now = instant

    def _settle(self) -> None:
        """Works out what flows from now on and when that changes. Doing it twice changes nothing."""
        if self._sleep_at is not None and self._sleep_at <= self.now:
            self._sleep_at = None
            self.conditions = msgspec.structs.replace(self.conditions, asleep=True)
        car = self.conditions.car
        step = self.step = car.step_at(self.charge) if car else 0
        allowed = currents(self.conditions, step)
        self._notice_power(has_power(self.conditions, allowed), step)
        self._target = min(allowed) if self._powered else 0
        self._ramp(step)
        self.flow = flow_of(self.conditions, step, self._current)
        self.next_change = self._earliest(step)

    def _notice_power(self, powered: bool, step: int) -> None:
        """Energy has come within the car's reach (it wakes) or gone (it may fall asleep)."""
        car = self.conditions.car
        if car is None or powered:
            self._sleep_at = None
        elif self._powered and car.sleep_microseconds and step < STEPS:
            self._sleep_at = self.now + car.sleep_microseconds
        if car and powered and not self._powered:
            self._ramp_at = max(self._ramp_at, self.now + car.wake_microseconds)
        self._powered = powered

    def _ramp(self, step: int) -> None:
        """Falls at once; rises one ramp step at a time, no sooner than a ramp interval after the last."""
        if self._target <= self._current:
            self._current = self._target
        elif self.now >= self._ramp_at:
            self._current = min(self._target, self._current + _ramp_height(self.conditions, step))
            self._ramp_at = self.now + RAMP_MICROSECONDS

    def _earliest(self, step: int) -> int | None:
        """The next instant at which something changes by itself."""
        instants = [] if self._sleep_at is None else [self._sleep_at]
        if self._current < self._target:
            instants.append(self._ramp_at)
        if self.conditions.car and self.flow.charging and step < STEPS:
            instants.append(
                self.now + _until_step(self.conditions.car, step + 1, self.charge, self.flow.charging)
            )
        return min(instants, default=None)


def _until_step(car: Car, step: int, charge: int, charging: int) -> int:
    """The µs until a constant inflow has brought the battery onto a step, rounded up."""
    return -((charge - car.charge_of_step(step)) // charging)


def _ramp_height(conditions: Conditions, step: int) -> int:
    """How much the current may rise in one ramp step, mA per phase."""
    car = conditions.car
    if car is None:
        return 0
    return (
        car.dc_ramp_milliwatts * 1000 // car.dc_millivolts[step]
        if conditions.on_dc
        else car.ac_ramp_milliamps
    )
