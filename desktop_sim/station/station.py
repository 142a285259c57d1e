"""The charging station: deterministic, sans-I/O. Verbs in, a drain out (DESIGN § 2.1).

Every input follows an `advance(now)`. After each input the driver drains what the turn left, stores the records, then
releases the rest. Nothing in here waits, and nothing touches the world.
"""

from collections.abc import Callable, Mapping
from typing import Any, Literal

from desktop_sim.physics.vehicle import COMPACT, Vehicle
from desktop_sim.protocol.types import ChargePointErrorCode, MessageTrigger, Reason
from desktop_sim.station import commands as c
from desktop_sim.station.answer_rules import AnswerRules
from desktop_sim.station.authorization import Authorization
from desktop_sim.station.authorization_cache import AuthorizationCache
from desktop_sim.station.availability import Availability
from desktop_sim.station.boot import Boot
from desktop_sim.station.cable import Cable
from desktop_sim.station.charging_profiles import ChargingProfiles
from desktop_sim.station.commands import Command, CommandRefused, RefusalCode
from desktop_sim.station.configuration import Configuration
from desktop_sim.station.connection_time_out import ConnectionTimeOut
from desktop_sim.station.connectors import Connector, Connectors
from desktop_sim.station.data_transfer import answer as answer_data_transfer
from desktop_sim.station.diagnostics import Diagnostics
from desktop_sim.station.events import LinkEvent
from desktop_sim.station.faults import Faults
from desktop_sim.station.firmware import Firmware
from desktop_sim.station.free_vend import FreeVend
from desktop_sim.station.info import connector_info, reading
from desktop_sim.station.inside import Inside
from desktop_sim.station.jobs import Outcome
from desktop_sim.station.kernel import Kernel
from desktop_sim.station.link import LinkWish
from desktop_sim.station.links import LinkWanted
from desktop_sim.station.local_auth_list import LocalAuthList
from desktop_sim.station.metering import Metering
from desktop_sim.station.operations import Operations
from desktop_sim.station.outbox import Outbox
from desktop_sim.station.power import Power
from desktop_sim.station.profile import StationProfile
from desktop_sim.station.reader import Reader
from desktop_sim.station.records import Stored
from desktop_sim.station.registration import Registration
from desktop_sim.station.remote_start_stop import RemoteStartStop
from desktop_sim.station.remote_trigger import RemoteTrigger
from desktop_sim.station.reservation import ANY, Reservations
from desktop_sim.station.reset import Reset
from desktop_sim.station.rpc import Rpc
from desktop_sim.station.smart_charging import SmartCharging
from desktop_sim.station.status_notification import Statuses
from desktop_sim.station.supply import Supply
from desktop_sim.station.switches import Switches
from desktop_sim.station.timers import Clock, earliest, next_instant
from desktop_sim.station.transactions import Transactions
from desktop_sim.station.transfers import Transfers
from desktop_sim.station.turn import Deadline, Drain, Now, Reading
from desktop_sim.station.unlock import Unlock


class Station:
    """One charging station.

    Args:
        profile: what it is made of.
        now: the first instant.
        seed: where its chance comes from; same seed and inputs, same bytes.
        stored: what it stored before, kind → key → JSON.
        factory: configuration values for the first start (`--ocpp-config`).
        overrides: configuration values that win at every start (`--set`).
        vehicles: the cars that can come, by name, beside the profile's own.

    Raises:
        ConfigurationProblem: a key or value that cannot be.
        SwitchProblem: a switch or value that cannot be.
    """

    def __init__(
        self,
        profile: StationProfile,
        *,
        now: Now,
        seed: int,
        stored: Stored | None = None,
        factory: Mapping[str, str] | None = None,
        overrides: Mapping[str, str] | None = None,
        vehicles: Mapping[str, Vehicle] | None = None,
    ) -> None:
        self.profile = profile
        self._seed = seed
        self._factory = factory or {}
        self._overrides = overrides or {}
        own = {vehicle.name: vehicle for vehicle in profile.vehicles}
        self._vehicles = {COMPACT.name: COMPACT} | dict(vehicles or {}) | own
        self._build(now, stored or {})
        self._power.boot()
        self._settle()

    # --- time ---

    def advance(self, now: Now) -> None:
        """Time passes: timers fire at their exact instants, energy flows. Clocks never run backwards."""
        kernel = self._kernel
        end = Now(max(now.sim, kernel.now.sim), max(now.link, kernel.now.link))
        while True:
            deadline = self.next_deadline()
            step = next_instant(kernel.now, end, deadline.sim, deadline.link)
            if step is None:
                break
            self._step(*step)
        kernel.now = end
        for connector in self._connectors:
            connector.outlet.advance(end.sim)

    def next_deadline(self) -> Deadline:
        """When `advance` is needed next."""
        changes = [connector.outlet.next_change() for connector in self._connectors]
        return earliest(self._kernel.timers, *changes)

    def set_rate(self, rate: float) -> None:
        """The driver tells at which rate the simulated clock runs; it matters for the central system's time only."""
        self._kernel.rate = rate

    # --- inputs ---

    def submit(self, command: Command) -> Any:
        """Do what a person wants; returns plain data. Raises CommandRefused."""
        operation = self._operations.get(type(command))
        if operation is None:
            raise CommandRefused(
                RefusalCode.INVALID, f"{type(command).__name__} is no command for a station."
            )
        try:
            return operation(command)
        finally:
            self._settle()

    def link_connecting(self, url: str) -> None:
        """The driver tries to connect; `url` holds no credentials."""
        self._link.address = url
        self._tell_link("connecting")

    def link_up(self, subprotocol: str) -> None:
        """The connection stands."""
        if self._power.state != "on":
            return
        self._link.arrived()
        self._tell_link("up", subprotocol=subprotocol)
        self._rpc.link_up()
        self._boot.link_up()
        self._settle()

    def link_down(self, reason: str) -> None:
        """The connection was lost, closed, or could not be made; `reason` is a sentence."""
        wanted = self.link_wanted().open
        self._tell_link("down" if wanted else "offline", reason=reason)
        if self._rpc.link_is_up:
            self._outbox.held = True
            self._rpc.link_down()
        self._boot.link_down()
        self._settle()

    def receive(self, text: str) -> None:
        """A text frame came in."""
        if self._rpc.link_is_up:
            self._rpc.receive(text)
            self._settle()

    def receive_invalid(self, kind: str) -> None:
        """Something came in that is no text frame: `binary`, `utf-8` or `oversize` (WS-6, RPC-27)."""
        self._kernel.log("warning", f"InvalidMessages: a message was no text ({kind}); it was ignored.")

    def job_progress(self, job_id: str, state: str, detail: str = "") -> None:
        """Something that takes time goes on."""
        self._transfers.progress(job_id, state, detail)

    def job_done(self, job_id: str, outcome: Outcome) -> None:
        """Something that takes time has ended."""
        self._transfers.done(job_id, outcome)
        self._settle()

    # --- outputs ---

    def drain(self) -> Drain:
        """What the turn left; empties it."""
        return self._kernel.drain()

    def link_wanted(self) -> LinkWanted:
        """The link the driver is to make true."""
        return self._link.wanted(possible=self._power.state == "on" and self._boot.wants_socket)

    def info(self) -> dict[str, Any]:
        """The whole state as plain data (DESIGN § 6); looking changes nothing."""
        kernel, registration = self._kernel, self._registration
        status = registration.status
        station = self._statuses.shown(0)
        return {
            "identity": self.profile.identity.charge_point_id,
            "power": self._power.state,
            "link": {
                "state": self._link.state,
                "url": self._link.url,
                "subprotocol": self._link.subprotocol,
                **({"reason": self._link.reason} if self._link.reason else {}),
            },
            "registration": {"status": status.value if status else None, "interval": registration.interval},
            "clock": {"now": kernel.now.sim, "rate": kernel.rate, "offset": kernel.offset},
            "queue": {"waiting": len(self._outbox), "outstanding": self._rpc.outstanding},
            "heartbeat": self._boot.heartbeat_due(),
            "station": {"status": station.status.value, "error_code": station.error_code.value},
            "reservations": self._reservations.info(ANY),
            "local_list": self._local_list.info(),
            "lamp": {
                "intensity": self._configuration.number("LightIntensity"),
                "blink_repeat": self._configuration.number("BlinkRepeat"),
            },
            "connectors": [
                connector_info(
                    connector,
                    self._statuses.shown(connector.id),
                    self._statuses.overlay(connector.id),
                    self._supply.reason(connector),
                    self._reservations.info(connector.id),
                )
                for connector in self._connectors
            ],
        }

    def readings(self, now: Now) -> list[Reading]:
        """Live values of every connector; looking changes nothing."""
        return [reading(connector, now.sim) for connector in self._connectors]

    # --- inside ---

    def _build(self, now: Now, stored: Stored) -> None:
        """Put the blocks together. Each knows those before it, and those after it only as callbacks."""
        profile = self.profile
        kernel = self._kernel = Kernel(now, self._seed, profile.identity.charge_point_id, stored)
        switches = self._switches = Switches(kernel, profile.switches)
        self._configuration = Configuration(kernel, switches, profile, self._factory, self._overrides)
        configuration = self._configuration
        self._registration = Registration()
        connectors = self._connectors = Connectors(kernel, profile, self._vehicles)
        answer_rules = AnswerRules(kernel, profile.answers)
        rpc = self._rpc = Rpc(kernel, configuration, switches, self._registration, answer_rules)
        outbox = self._outbox = Outbox(kernel, rpc, configuration, switches)
        boot = self._boot = Boot(kernel, rpc, self._registration, configuration, switches, profile.identity)
        cache = AuthorizationCache(kernel, configuration, switches)
        local_list = self._local_list = LocalAuthList(kernel, configuration, switches, cache)
        authorization = Authorization(
            kernel, rpc, self._registration, configuration, switches, local_list, cache
        )
        reservations = self._reservations = Reservations(
            kernel, connectors, configuration, switches, authorization
        )
        metering = Metering(kernel, connectors, configuration, switches, rpc, outbox, profile.meter)
        cable = Cable(kernel, connectors)
        transactions = Transactions(
            kernel, connectors, configuration, outbox, metering, cable, authorization, reservations
        )
        self._supply = Supply(kernel, connectors, configuration)
        charging_profiles = ChargingProfiles(kernel, connectors, configuration, switches)
        smart = self._smart = SmartCharging(kernel, connectors, configuration, switches, charging_profiles)
        statuses = self._statuses = Statuses(
            kernel, connectors, rpc, self._registration, configuration, switches, profile.identity.vendor
        )
        self._time_out = ConnectionTimeOut(kernel, connectors, configuration, switches)
        reader = Reader(kernel, connectors, authorization, transactions, cable, self._time_out, reservations)
        remote = RemoteStartStop(
            kernel,
            connectors,
            configuration,
            switches,
            self._registration,
            authorization,
            transactions,
            self._time_out,
            reservations,
            smart,
        )
        self._availability = Availability(kernel, connectors)
        unlock = Unlock(kernel, connectors, switches, cable, transactions)
        faults = Faults(kernel, connectors, switches, cable, transactions)
        reset = self._reset = Reset(
            kernel, connectors, configuration, switches, rpc, outbox, transactions, faults
        )
        self._free_vend = FreeVend(connectors, switches, authorization, transactions, reservations)
        link = self._link = LinkWish(kernel, configuration, switches, profile)
        trigger = RemoteTrigger(
            kernel, connectors, configuration, switches, rpc, self._registration, boot, statuses, metering
        )
        transfers = self._transfers = Transfers(kernel, switches)
        firmware = self._firmware = Firmware(kernel, connectors, switches, rpc, boot, reset, transfers)
        diagnostics = self._diagnostics = Diagnostics(
            kernel, configuration, switches, rpc, transfers, profile.identity.charge_point_id
        )
        trigger.more = {
            MessageTrigger.FirmwareStatusNotification: firmware.report,
            MessageTrigger.DiagnosticsStatusNotification: diagnostics.report,
        }
        volatile = (
            rpc,
            boot,
            outbox,
            reader,
            reservations,
            metering,
            self._supply,
            smart,
            self._time_out,
            reset,
            transfers,
            firmware,
            diagnostics,
        )
        self._power = Power(
            kernel, connectors, configuration, switches, profile, rpc, link, reset, transactions, volatile
        )
        boot.on_accepted = self._on_accepted
        boot.on_resumed = self._on_resumed
        link.on_moved = boot.forget
        boot.on_clock = self._on_clock
        self._metering = metering
        cable.on_connected = reader.plugged
        cable.on_vehicle_gone = self._on_vehicle_gone
        transactions.busy = self._is_busy
        reservations.floating = reader.floating
        local_list.on_conflict = lambda words: statuses.tell_error(
            0, ChargePointErrorCode.LocalListConflict, words
        )
        self._power.on_booted = self._on_booted
        self._transactions = transactions
        configuration.on_change("AuthorizationKey", lambda: link.renew(1000))
        self._answer_calls(remote, unlock, cache, trigger)
        operations = Operations(
            settle=self._settle,
            kernel=kernel,
            profile=profile,
            connectors=connectors,
            rpc=rpc,
            cable=cable,
            transactions=transactions,
            reader=reader,
            reservations=reservations,
            statuses=statuses,
            faults=faults,
            reset=reset,
            power=self._power,
            link=link,
        )
        inside = Inside(kernel, configuration, switches, rpc, answer_rules, outbox, cache)
        self._operations = self._table(operations, inside)

    def _answer_calls(
        self, remote: RemoteStartStop, unlock: Unlock, cache: AuthorizationCache, trigger: RemoteTrigger
    ) -> None:
        """Which block answers which CALL; an action that stands not here is not supported."""
        handle = self._rpc.handle
        handle("CancelReservation", self._reservations.on_cancel_reservation)
        handle("ChangeAvailability", self._availability.on_change_availability)
        handle("ChangeConfiguration", self._configuration.on_change_configuration)
        handle("ClearCache", cache.on_clear_cache)
        handle("DataTransfer", lambda request: answer_data_transfer(self.profile.data_transfer, request))
        handle("GetConfiguration", self._configuration.on_get_configuration)
        handle("GetLocalListVersion", self._local_list.on_get_local_list_version)
        handle("RemoteStartTransaction", remote.on_remote_start)
        handle("RemoteStopTransaction", remote.on_remote_stop)
        handle("ReserveNow", self._reservations.on_reserve_now)
        handle("SendLocalList", self._local_list.on_send_local_list)
        handle("Reset", self._reset.on_reset)
        handle("TriggerMessage", trigger.on_trigger_message)
        handle("ClearChargingProfile", self._smart.on_clear_charging_profile)
        handle("GetDiagnostics", self._diagnostics.on_get_diagnostics)
        handle("UpdateFirmware", self._firmware.on_update_firmware)
        handle("GetCompositeSchedule", self._smart.on_get_composite_schedule)
        handle("SetChargingProfile", self._smart.on_set_charging_profile)
        handle("UnlockConnector", unlock.on_unlock_connector)

    def _table(self, do: Operations, inside: Inside) -> dict[type[Command], Callable[[Any], Any]]:
        return {
            c.Info: lambda command: self.info(),
            c.Connect: do.connect,
            c.Disconnect: do.disconnect,
            c.DropLink: do.drop_link,
            c.PlugIn: do.plug_in,
            c.Unplug: do.unplug,
            c.PresentTag: do.present_tag,
            c.Start: do.start,
            c.Stop: do.stop,
            c.Current: do.current,
            c.Vehicle: do.vehicle,
            c.SuspendEv: do.suspend_ev,
            c.ResumeEv: do.resume_ev,
            c.SuspendEvse: do.suspend_evse,
            c.ResumeEvse: do.resume_evse,
            c.Status: do.status,
            c.Error: do.error,
            c.RaiseFault: do.raise_fault,
            c.ClearFault: do.clear_fault,
            c.LockFailure: do.lock_failure,
            c.EmergencyStop: do.emergency_stop,
            c.PowerCut: do.power_cut,
            c.PowerOn: do.power_on,
            c.Reboot: do.reboot,
            c.Configuration: inside.configuration_,
            c.Cache: inside.cache_,
            c.LocalList: self._local_list.carry_out,
            c.Reservations: self._reservations.carry_out,
            c.Queue: inside.queue,
            c.Switch: inside.switch,
            c.Answer: inside.answer,
            c.Send: inside.send,
            c.SendRaw: inside.send_raw,
            c.FactoryReset: self._factory_reset,
        }

    def _step(self, clock: Clock, instant: Now) -> None:
        """Go to the next instant at which something happens, and let it happen."""
        kernel = self._kernel
        kernel.now = instant
        for connector in self._connectors:
            connector.outlet.advance(instant.sim)
        due = kernel.timers.due(clock)
        if due is not None and due <= instant[clock]:
            kernel.timers.take(clock).callback()
        self._settle()

    def _settle(self) -> None:
        """Let everything follow from the facts, at the end of each input."""
        self._kernel.run_afterwards()
        if self._power.state == "on":
            self._transactions.refresh()
            self._availability.refresh()
            self._firmware.refresh()
            self._reservations.refresh()
            self._free_vend.refresh()
            self._smart.refresh()
        self._supply.refresh()
        if self._power.state == "on":
            self._statuses.refresh()
            self._time_out.refresh()
            self._reset.refresh()

    def _on_accepted(self) -> None:
        """Statuses first, then what was queued (CORE-BOOT-6), also after a registration that was withdrawn."""
        self._outbox.held = True
        self._statuses.report_all()
        self._outbox.release()
        self._firmware.reconnected()
        self._diagnostics.reconnected()

    def _on_resumed(self) -> None:
        """The link is back without a boot: what changed, then what was queued (CORE-BOOT-11, CORE-STAT-3)."""
        self._statuses.refresh()
        self._statuses.report_changed()
        self._outbox.release()
        self._firmware.reconnected()
        self._diagnostics.reconnected()

    def _on_booted(self) -> None:
        self._supply.refresh()
        self._statuses.power_up()

    def _on_clock(self) -> None:
        """The central system's time has moved: what hangs on absolute times is looked at again."""
        self._metering.arm_aligned()
        self._reservations.watch_clock()
        self._smart.outdated()
        self._firmware.clock_changed()

    def _on_vehicle_gone(self, connector: Connector) -> None:
        """The car's end was pulled during a transaction (CORE-EV-1 to CORE-EV-5)."""
        stops = not self._configuration.has("StopTransactionOnEVSideDisconnect") or self._configuration.flag(
            "StopTransactionOnEVSideDisconnect"
        )
        if connector.transaction and stops and self._power.state == "on":
            self._transactions.stop(connector, Reason.EVDisconnected)

    def _is_busy(self) -> bool:
        going_down = self._reset.under_way is not None or self._power.state != "on"
        return going_down or self._firmware.occupies

    def _tell_link(
        self,
        state: Literal["connecting", "up", "down", "offline"],
        subprotocol: str = "",
        reason: str = "",
    ) -> None:
        self._link.state, self._link.subprotocol, self._link.reason = state, subprotocol, reason
        self._kernel.emit(
            LinkEvent, state=state, url=self._link.address, subprotocol=subprotocol, reason=reason
        )

    def _factory_reset(self, command: c.FactoryReset) -> None:
        """Forget everything stored and start again from the profile."""
        if self._power.state != "on":
            raise CommandRefused(RefusalCode.REFUSED, "The station has no power, or is restarting.")
        before, link = self._kernel, self._link
        before.forget_all()
        self._build(before.now, {})
        self._kernel.take_over(before)
        self._link.follow(link)
        self._power.boot()
