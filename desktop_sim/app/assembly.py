"""Puts a station together with its clock and its driver, from a plan and from what is stored."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import msgspec
from msgspec.structs import replace

from desktop_sim.app.endpoints import endpoint_maker
from desktop_sim.app.options import OptionProblem
from desktop_sim.app.plan import StationPlan, for_the_station
from desktop_sim.runtime.clock import SimulatedClock, stored_instant
from desktop_sim.runtime.job_runner import JobRunner
from desktop_sim.runtime.person import Person
from desktop_sim.runtime.realtime import RealTimeDriver
from desktop_sim.runtime.transfer_jobs import transfer_workers
from desktop_sim.station.commands import Command, Switch
from desktop_sim.station.events import AnyEvent
from desktop_sim.station.profile import StationProfile
from desktop_sim.station.records import Stored
from desktop_sim.station.station import Station
from desktop_sim.station.switches import switch_named
from desktop_sim.storage.session_store import SessionStore, StorageProblem
from desktop_sim.storage.vehicles import vehicle_library
from desktop_sim.transport.files.place import trust_of

_PASSWORD_FORM = "SW-PASSWORD-FORM"


@dataclass(slots=True)
class Assembly:
    """A station that can run. `password_form` says how its authorization key becomes a password (WS-14)."""

    station: Station
    clock: SimulatedClock
    driver: RealTimeDriver
    password_form: str

    def carried_out(self, command: Command) -> None:
        """Take notice of a command that changed how the link is made."""
        if not isinstance(command, Switch) or command.name is None or command.value is None:
            return
        if switch_named(command.name).name == _PASSWORD_FORM:
            self.password_form = command.value.casefold()


def open_store(directory: Path | None) -> SessionStore:
    """The store of a state directory. Raises StoreProblem."""
    try:
        return SessionStore.open(directory)
    except OSError as problem:
        raise StorageProblem(
            f"The state folder {directory} cannot be used ({problem.strerror}). "
            "Free some space there, choose another with --state-dir, or use --ephemeral."
        ) from problem


def assemble(
    plan: StationPlan,
    store: SessionStore,
    url: Callable[[], str] | None = None,
    events: Callable[[], Iterable[AnyEvent]] = tuple,
) -> Assembly:
    """Build everything; nothing runs yet. `url` gives the address of the built-in central system.

    `events` gives what happened so far, for the diagnostics.

    Raises OptionProblem, ProfileProblem and StorageProblem, each with a sentence.
    """
    stored = _stored(plan, store)
    clock = SimulatedClock(start=stored_instant(stored), rate=plan.rate)
    profile = for_the_station(plan)
    if plan.built_in and url is not None:
        profile = replace(profile, connection=replace(profile.connection, url=url()))
    station = _station(plan, profile, clock, stored)
    driver = RealTimeDriver(
        station,
        store=store,
        station_key=plan.identity,
        endpoint=endpoint_maker(profile, lambda: assembly.password_form),
        clock=clock,
        person=Person() if plan.person else None,
        jobs=JobRunner(transfer_workers(events, lambda: trust_of(profile.connection.ca_file))),
    )
    assembly = Assembly(station, clock, driver, _password_form(profile, stored))
    clock.watch(lambda: station.set_rate(clock.rate))
    station.set_rate(clock.rate)
    return assembly


def _stored(plan: StationPlan, store: SessionStore) -> Stored:
    """What is stored; an address that was asked for now wins over one that was stored by an earlier `connect`."""
    stored = store.load(plan.identity)
    if plan.built_in or plan.url_given:
        return {kind: values for kind, values in stored.items() if kind != "link"}
    return stored


def _password_form(profile: StationProfile, stored: Stored) -> str:
    form = stored.get("switch", {}).get(_PASSWORD_FORM)
    return (
        profile.switches.get(_PASSWORD_FORM, "auto") if form is None else msgspec.json.decode(form, type=str)
    )


def _station(plan: StationPlan, profile: StationProfile, clock: SimulatedClock, stored: Stored) -> Station:
    """The station of a plan. Raises OptionProblem for a key, a switch or a value that cannot be."""
    try:
        return Station(
            profile,
            now=clock.now(),
            seed=plan.seed,
            stored=stored,
            factory=plan.factory,
            overrides=plan.overrides,
            vehicles=vehicle_library(),
        )
    except ValueError as problem:
        raise OptionProblem(str(problem)) from problem
