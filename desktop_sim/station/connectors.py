"""What is at each connector: cable, car, lock, fault, availability, grant, transaction. Plain data, shared by name."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import msgspec

from desktop_sim.physics.anchor import Anchor
from desktop_sim.physics.outlet import Outlet
from desktop_sim.physics.supply import OutletRating, Supply
from desktop_sim.physics.vehicle import Vehicle
from desktop_sim.protocol.core import MeterValue
from desktop_sim.protocol.smart_charging import ChargingProfile
from desktop_sim.protocol.types import ChargePointErrorCode, ChargePointStatus
from desktop_sim.station.composite_schedule import Slice
from desktop_sim.station.kernel import Kernel
from desktop_sim.station.profile import ConnectorProfile, StationProfile


class Tag(msgspec.Struct, frozen=True, kw_only=True):
    """An idTag and, where known, its parent. Compared without regard to case (CORE-AUTH-7)."""

    id_tag: str
    parent: str | None = None

    def is_same(self, id_tag: str) -> bool:
        """Whether this is that tag."""
        return self.id_tag.casefold() == id_tag.casefold()

    def in_group_of(self, other: "Tag") -> bool:
        """Whether both have the same parent (CORE-AUTH-6); some central systems write none as an empty text."""
        if not self.parent or not other.parent:
            return False
        return self.parent.casefold() == other.parent.casefold()


class Reservation(msgspec.Struct, frozen=True, kw_only=True):
    """A connector (0: any one) kept for a tag or its group until `expires` (UTC µs); a record (RES-10)."""

    id: int
    connector: int
    tag: Tag
    expires: int

    def admits(self, tag: Tag) -> bool | None:
        """Whether this tag may use it; None: only its parent could tell, and that is not known (RES-5)."""
        if self.tag.is_same(tag.id_tag):
            return True
        if not self.tag.parent:
            return False
        return self.tag.in_group_of(tag) if tag.parent else None


@dataclass(frozen=True, slots=True)
class Grant:
    """A permission to charge that waits for the plug."""

    tag: Tag
    charging_profile: ChargingProfile | None = None


@dataclass(frozen=True, slots=True)
class Limit:
    """What the charging profiles allow a running transaction: mA per phase (on DC also mW), on how many phases.

    `decided` is the slice of the profile whose limit it is; None means the hardware. `shared`: it is a share of the
    station's limit (SC-CALC-19).
    """

    milliamps: int
    milliwatts: int | None
    phases: int | None
    decided: Slice | None
    shared: bool = False

    @property
    def reason(self) -> str:
        """The deciding profile, in words."""
        if self.decided is None:
            return "rating of cable and connector"
        profile = self.decided.source.profile
        where = f"{profile.charging_profile_purpose.value} {profile.charging_profile_id}"
        text = f"{where}, stack level {profile.stack_level}, period {self.decided.period + 1}"
        return f"{text}, shared" if self.shared else text


class Fault(msgspec.Struct, frozen=True):
    """What is broken, in the words of StatusNotification."""

    error_code: ChargePointErrorCode
    info: str = ""
    vendor_error_code: str = ""


class Transaction(msgspec.Struct, kw_only=True):
    """A running transaction; a record, so that it survives any stop.

    `started` is simulated time, `timestamp` the station time that went on the wire (both µs). `transaction_id` is None
    until StartTransaction.conf, −1 if that never comes (CORE-TXQ-9). `refused_at` is the register (Wh) at which the
    central system refused the tag and the transaction was left open (CORE-OFF-3, CORE-OFF-4).
    """

    local_id: str
    connector: int
    tag: Tag
    started: int
    timestamp: int
    meter_start: int
    transaction_id: int | None = None
    reservation_id: int | None = None
    refused_at: int | None = None
    suspended: bool = False
    samples: int = 0


class World(msgspec.Struct, kw_only=True):
    """The physical world at a connector; a record.

    `finishing`: a transaction ended (or nobody came with a tag) and the cable is still in; `last_tag` is whose it was,
    empty if nobody's. `held_for`: the lock stays closed until this tag, or one of its group, is presented (CORE-OFF-3,
    CORE-EV-2). `fault` keeps the connector from working, `warning` does not.
    """

    vehicle_end: bool = False
    station_end: bool = False
    locked: bool = False
    vehicle: str = ""
    slider_milliamps: int = 16_000
    ev_paused: bool = False
    evse_paused: bool = False
    lock_broken: bool = False
    fault: Fault | None = None
    warning: Fault | None = None
    finishing: bool = False
    ended_at_car: bool = False
    last_tag: str = ""
    held_for: Tag | None = None
    anchor: Anchor | None = None

    def forget_end(self) -> None:
        """The last transaction is history: nothing of it is left to be done."""
        self.finishing = self.ended_at_car = False
        self.last_tag = ""


class Premises(msgspec.Struct, kw_only=True):
    """What is physically true of the station as a whole; a record. `emergency`: the red button is pressed."""

    emergency: bool = False
    fault: Fault | None = None
    warning: Fault | None = None


@dataclass(slots=True)
class Connector:
    """One connector (id ≥ 1) with everything that is true of it now."""

    id: int
    profile: ConnectorProfile
    outlet: Outlet
    vehicle: Vehicle
    world: World
    operative: bool = True
    scheduled: bool | None = None
    grant: Grant | None = None
    transaction: Transaction | None = None
    pulling: bool = False
    reservation: Reservation | None = None
    status: ChargePointStatus = ChargePointStatus.Available
    asking: set[str] = field(default_factory=set)
    limit: Limit | None = None
    starting_profile: ChargingProfile | None = None
    offer: tuple[int | None, int | None, int] = (None, None, 3)
    samples: list[tuple[int, MeterValue]] | None = None

    @property
    def cable_in(self) -> bool:
        """Whether a cable is in: in the socket, or, where it is fixed to the station, in a car."""
        return self.world.vehicle_end if self.profile.fixed_cable else self.world.station_end

    @property
    def connected(self) -> bool:
        """Whether a car is connected through to the station."""
        return self.world.vehicle_end and (self.profile.fixed_cable or self.world.station_end)

    @property
    def faulted(self) -> bool:
        """Whether the connector shows Faulted."""
        return self.world.fault is not None

    @property
    def car_pauses(self) -> bool:
        """Whether the car draws nothing: its driver has paused it, or it cannot talk to the station."""
        warning = self.world.warning
        unheard = warning is not None and warning.error_code is ChargePointErrorCode.EVCommunicationError
        return self.world.ev_paused or unheard

    @property
    def energised(self) -> bool:
        """Whether the contactor may be closed."""
        return self.transaction is not None and self.connected and not self.faulted


class Connectors:
    """All connectors, by id."""

    def __init__(self, kernel: Kernel, profile: StationProfile, vehicles: dict[str, Vehicle]) -> None:
        self._kernel = kernel
        self.vehicles = vehicles
        worlds = kernel.load_all("world", World)
        availability = kernel.load_all("availability", bool)
        scheduled = kernel.load_all("scheduled", bool)
        self.station_operative: bool = availability.get("0", True)
        self.station_scheduled: bool | None = scheduled.get("0")
        self.updating = False
        self.premises: Premises = kernel.load("premises", "station", Premises, Premises())
        self._all = {
            number: self._build(number, part, profile, worlds.get(str(number)))
            for number, part in enumerate(profile.connectors, 1)
        }
        for connector in self:
            connector.operative = availability.get(str(connector.id), True)
            connector.scheduled = scheduled.get(str(connector.id))

    def __iter__(self) -> Iterator[Connector]:
        return iter(self._all.values())

    def __len__(self) -> int:
        return len(self._all)

    def get(self, number: int) -> Connector | None:
        """The connector with this id, if there is one."""
        return self._all.get(number)

    def running(self, transaction_id: int) -> Connector | None:
        """The connector on which a transaction known by this id runs; None also if −1 is meant (CORE-RSTOP-2)."""
        if transaction_id == -1:
            return None
        for connector in self:
            if connector.transaction and connector.transaction.transaction_id == transaction_id:
                return connector
        return None

    def keep_world(self, connector: Connector) -> None:
        """Store what is physically true of a connector, its register included.

        Without mains the clock of the meter stands still: the anchor's instant stays the last one at which it ran.
        """
        outlet, world = connector.outlet, connector.world
        last = world.anchor.instant if world.anchor and not outlet.has_mains else outlet.now
        world.anchor = msgspec.structs.replace(outlet.anchor(), instant=last)
        self._kernel.store("world", str(connector.id), world)

    def keep_premises(self) -> None:
        """Store what is physically true of the station as a whole."""
        self._kernel.store("premises", "station", self.premises)

    def keep_availability(self, number: int, operative: bool, scheduled: bool | None) -> None:
        """Store whether a connector (0: the station) is operative, and what is scheduled (CORE-AVAIL-5)."""
        self._kernel.store("availability", str(number), operative)
        if scheduled is None:
            self._kernel.forget("scheduled", str(number))
        else:
            self._kernel.store("scheduled", str(number), scheduled)

    def _build(
        self, number: int, part: ConnectorProfile, profile: StationProfile, world: World | None
    ) -> Connector:
        outlet = Outlet(rating_of(part, profile), self._kernel.now.sim)
        if world is None:
            world = World(vehicle=part.vehicle, slider_milliamps=round(part.slider_amperes * 1000))
        vehicle = (
            self.vehicles.get(world.vehicle)
            or self.vehicles.get(part.vehicle)
            or next(iter(self.vehicles.values()))
        )
        world.vehicle = vehicle.name
        now = self._kernel.now.sim
        if world.anchor is not None:
            outlet.restore(now, world.anchor)
        if not part.fixed_cable:
            outlet.set_cable(now, round(part.cable_amperes * 1000))
        outlet.request(now, world.slider_milliamps)
        if world.vehicle_end:
            outlet.connect_vehicle(now, vehicle)
        connector = Connector(number, part, outlet, vehicle, world)
        outlet.pause(now, connector.car_pauses)
        return connector


def rating_of(part: ConnectorProfile, profile: StationProfile) -> OutletRating:
    """The electrical rating of a connector of this profile."""
    return OutletRating(
        supply=Supply(
            kind=part.current,
            phases=3 if part.current == "DC" else part.phases,
            millivolts=round(profile.supply.volts * 1000),
            millihertz=round(profile.supply.hertz * 1000),
        ),
        milliamps=round(part.max_amperes * 1000),
        milliwatts=round(part.max_watts * 1000) if part.max_watts else None,
        cable_milliamps=round(part.cable_amperes * 1000) if part.fixed_cable else None,
    )
