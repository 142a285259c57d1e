"""What each command does at the station (DESIGN § 6). One method a command, named like it.

What looks into the station, or changes it from inside, is in `inside`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec

from desktop_sim.physics.vehicle import Vehicle
from desktop_sim.protocol.types import ChargePointErrorCode, ChargePointStatus, Reason
from desktop_sim.station import commands as c
from desktop_sim.station.cable import Cable
from desktop_sim.station.commands import CommandRefused, RefusalCode, one_of, refused
from desktop_sim.station.connectors import Connector, Connectors, Tag
from desktop_sim.station.faults import Faults
from desktop_sim.station.kernel import Kernel
from desktop_sim.station.link import LinkWish
from desktop_sim.station.power import Power
from desktop_sim.station.profile import StationProfile
from desktop_sim.station.reader import Reader
from desktop_sim.station.reservation import Reservations
from desktop_sim.station.reset import Reset
from desktop_sim.station.rpc import Rpc
from desktop_sim.station.status_notification import Statuses
from desktop_sim.station.transactions import Transactions


@dataclass(frozen=True, slots=True)
class Operations:
    """All a person can do standing at a station. Every method returns plain data; a refusal comes with a sentence.

    A person takes time between two acts of one command: `settle` lets everything follow from the first one.
    """

    settle: Callable[[], None]
    kernel: Kernel
    profile: StationProfile
    connectors: Connectors
    rpc: Rpc
    cable: Cable
    transactions: Transactions
    reader: Reader
    reservations: Reservations
    statuses: Statuses
    faults: Faults
    reset: Reset
    power: Power
    link: LinkWish

    # --- link ---

    def connect(self, command: c.Connect) -> None:
        if not command.url and not self.link.url:
            raise refused("No central system is known. Say where: connect ws://localhost:9000")
        self.link.go_online(command.url)

    def disconnect(self, command: c.Disconnect) -> None:
        self.link.go_offline()

    def drop_link(self, command: c.DropLink) -> None:
        if not self.rpc.link_is_up:
            raise refused("There is no connection to drop.")
        self.link.cut()

    # --- cable and car ---

    def plug_in(self, command: c.PlugIn) -> dict[str, Any]:
        connector = self._one(command.connector, lambda one: not one.connected, "is free to plug in")
        if connector.connected:
            raise refused(f"A car is plugged in at connector {connector.id} already.")
        vehicle = self._vehicle(command.vehicle) if command.vehicle else connector.vehicle
        self.cable.plug_in(connector, vehicle)
        return {"connector": connector.id, "vehicle": vehicle.name}

    def unplug(self, command: c.Unplug) -> dict[str, Any]:
        connector = self._one(
            command.connector, lambda one: one.world.vehicle_end or one.cable_in, "has a cable in"
        )
        world = connector.world
        if not world.vehicle_end and not connector.cable_in:
            raise refused(f"No cable is in at connector {connector.id}.")
        if command.end == "station" and connector.profile.fixed_cable:
            raise refused(
                f"The cable of connector {connector.id} is fixed to the station: pull it at the car."
            )
        if command.end != "station":
            if command.end == "vehicle" and not world.vehicle_end:
                raise refused(f"The car's end is out at connector {connector.id} already.")
            self.cable.pull_at_vehicle(connector)
            self.settle()
        if command.end != "vehicle":
            if command.end == "station" and world.locked:
                raise refused(
                    f"The cable is locked at connector {connector.id}; stop the transaction or unlock it."
                )
            self.cable.pull_at_station(connector)
        return {"connector": connector.id, "locked": world.locked and connector.pulling}

    def current(self, command: c.Current) -> dict[str, Any]:
        connector = self._one(command.connector, lambda one: one.transaction is not None, "is charging")
        connector.world.slider_milliamps = round(command.amperes * 1000)
        connector.outlet.request(self.kernel.now.sim, connector.world.slider_milliamps)
        self.connectors.keep_world(connector)
        return {"connector": connector.id, "amperes": command.amperes}

    def vehicle(self, command: c.Vehicle) -> dict[str, Any]:
        connector = self._one(command.connector, lambda one: one.world.vehicle_end, "has a car")
        now, outlet = self.kernel.now.sim, connector.outlet
        if command.name:
            vehicle = self._vehicle(command.name)
            if connector.transaction and vehicle.name != connector.vehicle.name:
                raise refused(f"Connector {connector.id} is charging; another car can come when it is done.")
            connector.vehicle = vehicle
            connector.world.vehicle = vehicle.name
        if (command.name and connector.world.vehicle_end) or command.soc is not None:
            outlet.connect_vehicle(now, connector.vehicle, command.soc)
            outlet.pause(now, connector.car_pauses)
        if not connector.world.vehicle_end:
            outlet.disconnect_vehicle(now)
        self.connectors.keep_world(connector)
        return {"connector": connector.id, "vehicle": connector.vehicle.name, "soc": outlet.soc_percent}

    def suspend_ev(self, command: c.SuspendEv) -> None:
        self._pause_ev(command.connector, True)

    def resume_ev(self, command: c.ResumeEv) -> None:
        self._pause_ev(command.connector, False)

    def suspend_evse(self, command: c.SuspendEvse) -> None:
        self._pause_evse(command.connector, True)

    def resume_evse(self, command: c.ResumeEvse) -> None:
        self._pause_evse(command.connector, False)

    # --- card and buttons ---

    def present_tag(self, command: c.PresentTag) -> None:
        self._need_power()
        connector = None if command.connector is None else self._named(command.connector)
        self.reader.present(command.id_tag.strip(), connector)

    def start(self, command: c.Start) -> dict[str, Any]:
        self._need_power()
        id_tag = (command.id_tag or next(iter(self.profile.tags), "")).strip()
        if not id_tag:
            raise refused("The profile has no idTag. Say which: start id_tag=USER001")
        connector = self._one(
            command.connector,
            lambda one: (
                one.transaction is None and one.operative and not one.faulted and self._admitted(one, id_tag)
            ),
            "can start",
        )
        if connector.transaction:
            raise refused(f"A transaction runs at connector {connector.id} already. `stop` ends it.")
        if connector.grant is None or not connector.grant.tag.is_same(id_tag):
            self.reader.check(id_tag, connector)
        if not connector.connected:
            self.cable.plug_in(connector, connector.vehicle)
            self.settle()
        if connector.transaction is None:
            self.reader.present(id_tag, connector)
        return {"connector": connector.id, "id_tag": id_tag}

    def stop(self, command: c.Stop) -> dict[str, Any]:
        connector = self._one(command.connector, lambda one: one.transaction is not None, "is charging")
        if connector.transaction is None:
            raise refused(f"No transaction runs at connector {connector.id}.")
        self._need_power()
        reason = one_of(Reason, command.reason, "reason") if command.reason else Reason.Local
        by_person = reason in (Reason.Local, Reason.Remote)
        id_tag = connector.transaction.tag.id_tag if by_person else None
        self.transactions.stop(connector, Reason.Local, id_tag, reported=reason)
        return {"connector": connector.id, "reason": reason.value}

    def emergency_stop(self, command: c.EmergencyStop) -> None:
        self.faults.emergency_stop(command.on, powered=self.power.state == "on")

    # --- faults ---

    def status(self, command: c.Status) -> dict[str, Any]:
        self._need_power()
        status = one_of(ChargePointStatus, command.status, "status")
        number = command.connector
        if number is None:
            number = self._one(None, lambda one: True, "can report a status").id
        if number != 0:
            self._named(number)
        self.statuses.report_by_hand(number, status)
        return {"connector": number, "status": status.value, "sent": self.rpc.open}

    def error(self, command: c.Error) -> dict[str, Any]:
        self._need_power()
        code = one_of(ChargePointErrorCode, command.error_code, "error code")
        connector = self._faulty(command.connector, lambda one: True, "can break")
        self.faults.raise_(connector, code, (command.info or "")[:50], (command.vendor_error_code or "")[:50])
        return {"connector": connector.id if connector else 0, "error_code": code.value}

    def raise_fault(self, command: c.RaiseFault) -> dict[str, Any]:
        return self.error(msgspec.convert(msgspec.structs.asdict(command) | {"command": "error"}, c.Error))

    def clear_fault(self, command: c.ClearFault) -> dict[str, Any]:
        connector = self._faulty(
            command.connector, lambda one: bool(one.world.fault or one.world.warning), "is broken"
        )
        self.faults.clear(connector)
        return {"connector": connector.id if connector else 0}

    def lock_failure(self, command: c.LockFailure) -> dict[str, Any]:
        connector = self._one(command.connector, lambda one: not one.profile.fixed_cable, "has a lock")
        self.faults.break_lock(connector, command.on)
        return {"connector": connector.id, "on": command.on}

    # --- power ---

    def power_cut(self, command: c.PowerCut) -> None:
        self.power.cut()

    def power_on(self, command: c.PowerOn) -> None:
        self.power.come_back()

    def reboot(self, command: c.Reboot) -> None:
        self._need_power()
        if self.reset.under_way or self.power.state == "restarting":
            raise refused("The station is restarting already.")
        self.reset.begin(Reason.Reboot)

    # --- helpers ---

    def _one(self, number: int | None, fits: Callable[[Connector], bool], what: str) -> Connector:
        """The connector meant: the one named, the only one, or the only one that fits."""
        if number is not None:
            return self._named(number)
        fitting = (
            list(self.connectors)
            if len(self.connectors) == 1
            else [one for one in self.connectors if fits(one)]
        )
        if len(fitting) == 1:
            return fitting[0]
        if not fitting:
            raise refused(f"No connector {what}.")
        numbers = " or ".join(str(one.id) for one in fitting)
        raise refused(f"Which connector? {numbers} {what}.")

    def _named(self, number: int) -> Connector:
        connector = self.connectors.get(number)
        if connector is None:
            count = len(self.connectors)
            there_is = f"There are 1 to {count}" if count > 1 else "There is only connector 1"
            sentence = f"There is no connector {number}. {there_is}."
            raise CommandRefused(RefusalCode.NO_SUCH_CONNECTOR, sentence)
        return connector

    def _faulty(self, number: int | None, fits: Callable[[Connector], bool], what: str) -> Connector | None:
        return None if number == 0 else self._one(number, fits, what)

    def _vehicle(self, name: str) -> Vehicle:
        known = self.connectors.vehicles
        found = next((vehicle for key, vehicle in known.items() if key.lower() == name.strip().lower()), None)
        if found is None:
            raise CommandRefused(
                RefusalCode.INVALID, f"There is no car {name!r}. There are: {', '.join(known)}."
            )
        return found

    def _pause_ev(self, number: int | None, paused: bool) -> None:
        connector = self._one(number, lambda one: one.transaction is not None, "is charging")
        connector.world.ev_paused = paused
        connector.outlet.pause(self.kernel.now.sim, connector.car_pauses)
        self.connectors.keep_world(connector)

    def _pause_evse(self, number: int | None, paused: bool) -> None:
        connector = self._one(number, lambda one: one.transaction is not None, "is charging")
        connector.world.evse_paused = paused
        self.connectors.keep_world(connector)

    def _need_power(self) -> None:
        if self.power.state == "off":
            raise refused("The station has no power. `power_on` brings it back.")
        if self.power.state == "restarting":
            raise refused("The station is restarting. Try again in a moment.")

    def _admitted(self, connector: Connector, id_tag: str) -> bool:
        return self.reservations.admits(connector, Tag(id_tag=id_tag)) is not False
