"""Meter values: sampled, clock-aligned, at start and stop, on demand (CONFORMANCE A.8)."""

from collections.abc import Callable, Iterable
from decimal import Decimal

import msgspec
from msgspec import UNSET

from desktop_sim.physics import meter
from desktop_sim.protocol.core import MeterValue, MeterValuesRequest, SampledValue
from desktop_sim.protocol.types import Location, Measurand, Phase, ReadingContext, UnitOfMeasure
from desktop_sim.station.chance import Dice
from desktop_sim.station.configuration import Configuration
from desktop_sim.station.connectors import Connector, Connectors
from desktop_sim.station.events import MeterEvent
from desktop_sim.station.kernel import Kernel
from desktop_sim.station.keys import split_measurand
from desktop_sim.station.outbox import Outbox
from desktop_sim.station.profile import MeterProfile
from desktop_sim.station.rpc import Rpc
from desktop_sim.station.switches import Switches
from desktop_sim.station.timers import Timer
from desktop_sim.station.turn import SECOND

DAY = 86_400 * SECOND
Readings = list[tuple[str | None, Decimal]]
Wanted = tuple[tuple[Measurand, Phase | None], ...]

_KINDS = {
    "Energy.Active": UnitOfMeasure.Wh,
    "Energy.Reactive": UnitOfMeasure.varh,
    "Power.Active": UnitOfMeasure.W,
    "Power.Offered": UnitOfMeasure.W,
    "Power.Reactive": UnitOfMeasure.var,
    "Current": UnitOfMeasure.A,
    "Voltage": UnitOfMeasure.V,
    "SoC": UnitOfMeasure.Percent,
}
_UNITS = {
    measurand: next((unit for kind, unit in _KINDS.items() if measurand.startswith(kind)), UNSET)
    for measurand in Measurand
}
_ADDED_UP = ("Energy.", "Power.Active", "Power.Offered", "Power.Reactive", "Current.")
"""Measurands of the main meter that are the sum over the connectors; voltage and frequency are the grid's."""


class Metering:
    """Reads the meters and sends what is configured, when it is due."""

    def __init__(
        self,
        kernel: Kernel,
        connectors: Connectors,
        configuration: Configuration,
        switches: Switches,
        rpc: Rpc,
        outbox: Outbox,
        profile: MeterProfile,
    ) -> None:
        self._kernel = kernel
        self._connectors = connectors
        self._configuration = configuration
        self._switches = switches
        self._rpc = rpc
        self._outbox = outbox
        self._noise = meter.Noise(
            voltage=round(profile.voltage_noise * 10), current=round(profile.current_noise * 10)
        )
        self._dice = {connector.id: self._new_dice(connector) for connector in connectors}
        self._newest: dict[int, tuple[object, meter.Sample]] = {}
        self._lists: dict[str, Wanted] = {}
        self._before: dict[tuple[int, str, bool], int] = {}
        self._sampling: dict[int, Timer] = {}
        self._aligned: Timer | None = None
        configuration.on_change("MeterValueSampleInterval", self._rearm_sampling)
        configuration.on_change("ClockAlignedDataInterval", self.arm_aligned)
        for name in (
            "MeterValuesSampledData",
            "MeterValuesAlignedData",
            "StopTxnSampledData",
            "StopTxnAlignedData",
        ):
            configuration.on_change(name, self._lists.clear)

    # --- what happens ---

    def power_up(self) -> None:
        """A boot: all timers are gone."""
        self._sampling.clear()
        self._dice = {connector.id: self._new_dice(connector) for connector in self._connectors}
        self._newest.clear()
        self.arm_aligned()

    def begin(self, connector: Connector) -> None:
        """A transaction began: keep its first reading, start sampling (CORE-MV-1, CORE-MV-10)."""
        self._keep_for_stop(connector, "StopTxnSampledData", ReadingContext.TransactionBegin)
        self._before[connector.id, "MeterValuesSampledData", False] = connector.outlet.register_wh
        self.resume(connector)

    def resume(self, connector: Connector) -> None:
        """Sample on, on the grid that began with the transaction (CORE-MV-20)."""
        timer = self._sampling.pop(connector.id, None)
        if timer:
            timer.cancel()
        transaction = connector.transaction
        interval = self._configuration.number("MeterValueSampleInterval") * SECOND
        if transaction is None or interval == 0:
            return
        elapsed = self._kernel.now.sim - transaction.started
        due = transaction.started + (elapsed // interval + 1) * interval
        self._sampling[connector.id] = self._kernel.at(due, lambda: self._sample(connector))

    def bridge(self, connector: Connector, last: int) -> None:
        """A transaction goes on after an interruption: what is known of its begin, `last` (station time, µs), and
        the first readings after it (CORE-MV-14, CORE-PWR-3).
        """
        key, begin = "MeterValuesSampledData", self._kernel.timestamp(last)
        known = (item for item in self._wanted(key) if item[0].endswith(".Register"))
        before = self._value(connector.id, key, ReadingContext.InterruptionBegin, begin, tuple(known))
        after = self._value(connector.id, key, ReadingContext.InterruptionEnd)
        self._send(connector.id, before, after)

    def end(self, connector: Connector, stamp: str) -> tuple[MeterValue, ...]:
        """The transaction ends: its transactionData, last reading included (CORE-MV-9 to CORE-MV-11)."""
        timer = self._sampling.pop(connector.id, None)
        if timer:
            timer.cancel()
        self._keep_for_stop(connector, "StopTxnSampledData", ReadingContext.TransactionEnd, stamp)
        return self._kept(connector)

    def triggered(self, number: int) -> MeterValuesRequest | None:
        """Newest readings of one connector (0: the main meter) on demand, None if there are none (CORE-MV-15, RT-8)."""
        value = self._value(number, "MeterValuesSampledData", ReadingContext.Trigger)
        if value is None:
            return None
        connector = self._connectors.get(number)
        transaction = connector.transaction if connector else None
        known = self._outbox.transaction_id(transaction.local_id) if transaction else None
        if connector:
            self._tell(connector, ReadingContext.Trigger)
        return MeterValuesRequest(
            connector_id=number, meter_value=(value,), transaction_id=UNSET if known is None else known
        )

    def arm_aligned(self) -> None:
        """Wait for the next instant of the clock-aligned grid (CORE-MV-2, CORE-MV-3)."""
        if self._aligned:
            self._aligned.cancel()
        interval = self._configuration.number("ClockAlignedDataInterval") * SECOND
        if interval:
            due = self._next_aligned(interval)
            self._aligned = self._kernel.at(due - self._kernel.offset, lambda: self._align(due))

    # --- sampled ---

    def _rearm_sampling(self) -> None:
        for connector in self._connectors:
            self.resume(connector)

    def _sample(self, connector: Connector) -> None:
        self._send(
            connector.id, self._value(connector.id, "MeterValuesSampledData", ReadingContext.SamplePeriodic)
        )
        self._keep_for_stop(connector, "StopTxnSampledData", ReadingContext.SamplePeriodic)
        self._tell(connector, ReadingContext.SamplePeriodic)
        self.resume(connector)

    # --- aligned ---

    def _next_aligned(self, interval: int) -> int:
        """The next multiple of the interval after midnight UTC, in station time; midnight starts anew."""
        now = self._kernel.station_time
        midnight = now - now % DAY
        due = midnight + ((now - midnight) // interval + 1) * interval
        return min(due, midnight + DAY)

    def _align(self, due: int) -> None:
        stamp = self._kernel.timestamp(due)
        for number in range(len(self._connectors) + 1):
            self._send(
                number, self._value(number, "MeterValuesAlignedData", ReadingContext.SampleClock, stamp)
            )
            connector = self._connectors.get(number)
            if connector and connector.transaction:
                self._keep_for_stop(connector, "StopTxnAlignedData", ReadingContext.SampleClock, stamp)
                self._tell(connector, ReadingContext.SampleClock)
        self.arm_aligned()

    # --- sending ---

    def _send(self, number: int, *values: MeterValue | None) -> None:
        """Send one connector's values: within a transaction through the queue, else only if online (CORE-TXQ-1)."""
        given = tuple(value for value in values if value)
        connector = self._connectors.get(number)
        if not given:
            return
        if connector and connector.transaction:
            request = MeterValuesRequest(connector_id=number, meter_value=given, transaction_id=0)
            self._outbox.add(request, connector.transaction.local_id)
        elif self._rpc.open:
            self._rpc.call(MeterValuesRequest(connector_id=number, meter_value=given))

    def _tell(self, connector: Connector, context: ReadingContext) -> None:
        transaction = connector.transaction
        sample = self._read(connector)
        self._kernel.emit(
            MeterEvent,
            connector=connector.id,
            context=context.value,
            milliwatts=connector.outlet.milliwatts,
            register=connector.outlet.register_nanojoules,
            energy_wh=connector.outlet.register_wh,
            amperes=max(sample.milliamps) / 1000,
            volts=sample.millivolts[0] / 1000,
            watts=sum(sample.milliwatts) / 1000,
            soc=connector.outlet.soc_percent,
            transaction_id=transaction.transaction_id if transaction else None,
        )

    # --- transactionData ---

    def _keep_for_stop(
        self, connector: Connector, key: str, context: ReadingContext, stamp: str = ""
    ) -> None:
        transaction = connector.transaction
        value = self._value(connector.id, key, context, stamp)
        if transaction is None or value is None:
            return
        transaction.samples += 1
        self._kernel.store("sample", f"{connector.id}:{transaction.samples:06d}", value)
        self._kernel.store("transaction", str(connector.id), transaction)
        self._samples(connector).append((transaction.samples, value))
        longest = self._configuration.number("StopTransactionMaxMeterValues")
        kept = self._samples(connector)
        if len(kept) > longest:
            self._thin_out(connector, kept)

    def _thin_out(self, connector: Connector, kept: list[tuple[int, MeterValue]]) -> None:
        """Too many: give up every second one, never the first and the last (CORE-MV-10, CORE-MV-11)."""
        for number, _ in kept[1:-1:2]:
            self._kernel.forget("sample", f"{connector.id}:{number:06d}")
        kept[:] = [kept[0], *kept[2:-1:2], kept[-1]]

    def _samples(self, connector: Connector) -> list[tuple[int, MeterValue]]:
        if connector.samples is None:
            rows = self._kernel.load_all("sample", MeterValue)
            prefix = f"{connector.id}:"
            connector.samples = [
                (int(key.removeprefix(prefix)), value)
                for key, value in rows.items()
                if key.startswith(prefix)
            ]
        return connector.samples

    def _kept(self, connector: Connector) -> tuple[MeterValue, ...]:
        kept = self._samples(connector)
        for number, _ in kept:
            self._kernel.forget("sample", f"{connector.id}:{number:06d}")
        connector.samples = []
        return tuple(value for _, value in kept)

    # --- reading ---

    def _read(self, connector: Connector) -> meter.Sample:
        """One sample; whatever is asked at the same instant sees the same noise."""
        outlet, state = connector.outlet, connector.outlet.state
        known, sample = self._newest.get(connector.id, (None, None))
        if sample is None or known != state:
            noisy = self._noise != meter.QUIET
            dice = self._dice[connector.id].throw(outlet.now) if noisy else None
            sample = meter.read(outlet, self._noise, dice)
            self._newest[connector.id] = (state, sample)
        return sample

    def _new_dice(self, connector: Connector) -> Dice:
        return Dice(self._kernel.chance(f"meter {connector.id}"))

    def _value(
        self,
        number: int,
        key: str,
        context: ReadingContext,
        stamp: str = "",
        wanted: Wanted | None = None,
    ) -> MeterValue | None:
        """One MeterValue with everything a list key asks for; None if that is nothing (CORE-MV-5)."""
        wanted = self._wanted(key) if wanted is None else wanted
        if not wanted:
            return None
        connector = self._connectors.get(number)
        self._anchor([connector] if connector else self._connectors)
        kind = (number, key, context is ReadingContext.Trigger)
        reader = self._of_connector(connector, kind) if connector else self._of_station(kind)
        direct = connector is not None and connector.profile.current == "DC"
        wanted = tuple(item for item in wanted if item[1] is None or not direct)
        values = tuple(self._sampled(wanted, reader, context))
        return (
            MeterValue(timestamp=stamp or self._kernel.timestamp(), sampled_value=values) if values else None
        )

    def _anchor(self, connectors: Iterable[Connector]) -> None:
        """What is told of a register is stored with it: nothing later lies below, whatever happens (CORE-MV-12)."""
        for connector in connectors:
            if connector.transaction:
                self._connectors.keep_world(connector)

    def _of_connector(
        self, connector: Connector, kind: tuple[int, str, bool]
    ) -> Callable[[Measurand], Readings]:
        sample = self._read(connector)

        def readings(measurand: Measurand) -> Readings:
            if measurand is Measurand.EnergyActiveImportInterval:
                return self._since_before(kind, sample.register_wh)
            return meter.values(sample, measurand)

        return readings

    def _of_station(self, kind: tuple[int, str, bool]) -> Callable[[Measurand], Readings]:
        """The main meter: sums over the connectors (CORE-MV-4)."""
        samples = [self._read(connector) for connector in self._connectors]

        def readings(measurand: Measurand) -> Readings:
            if measurand is Measurand.EnergyActiveImportInterval:
                return self._since_before(kind, sum(sample.register_wh for sample in samples))
            if measurand.startswith(_ADDED_UP):
                return _added([meter.values(sample, measurand) for sample in samples])
            if measurand in (Measurand.Voltage, Measurand.Frequency):
                return max(
                    (meter.values(sample, measurand) for sample in samples if not sample.direct),
                    key=len,
                    default=[],
                )
            return []

        return readings

    def _since_before(self, kind: tuple[int, str, bool], register_wh: int) -> Readings:
        """The amount since the previous sample of the same kind: connector, list, triggered or not (CORE-MV-21)."""
        before = self._before.get(kind, register_wh)
        self._before[kind] = register_wh
        return [(None, Decimal(register_wh - before))]

    def _sampled(
        self,
        wanted: Wanted,
        reader: Callable[[Measurand], Readings],
        context: ReadingContext,
    ) -> Iterable[SampledValue]:
        for measurand, phase in wanted:
            for name, value in _of_phase(reader(measurand), phase):
                yield SampledValue(
                    value=_text(value),
                    context=context,
                    measurand=measurand,
                    phase=Phase(name) if name else UNSET,
                    location=Location.EV if measurand is Measurand.SoC else UNSET,
                    unit=self._unit(measurand),
                )

    def _unit(self, measurand: Measurand) -> UnitOfMeasure | msgspec.UnsetType:
        if measurand is Measurand.Temperature:
            return UnitOfMeasure(self._switches["SW-TEMP-UNIT"])
        return _UNITS[measurand]

    def _wanted(self, key: str) -> Wanted:
        known = self._lists.get(key)
        if known is None:
            known = self._lists[key] = tuple(split_measurand(item) for item in self._configuration.items(key))
        return known


def _of_phase(readings: Readings, phase: Phase | None) -> Readings:
    """Those of one phase, or all. The only line of a single-phase meter is L1 (CORE-MV-6)."""
    if phase is None:
        return readings
    if phase is Phase.L1 and len(readings) == 1:
        return [(phase.value, value) for _, value in readings]
    return [(name, value) for name, value in readings if name == phase.value]


def _added(parts: list[Readings]) -> Readings:
    """The sum of several meters, whole with whole and phase with phase."""
    total: dict[str | None, Decimal] = {}
    for readings in parts:
        for name, value in readings:
            total[name] = total.get(name, Decimal(0)) + value
    return list(total.items())


def _text(value: Decimal) -> str:
    """A number for the wire: a dot, no exponent, no needless zeros (CORE-MV-13, F7)."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
