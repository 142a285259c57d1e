"""The station without a profile, and the one for a first look (DESIGN § 6)."""

from desktop_sim.physics.vehicle import Vehicle
from desktop_sim.station.profile import ConnectorProfile, MeterProfile, StationProfile

DEFAULT_TAG = "USER001"

_CONFIGURATION = {
    "MeterValueSampleInterval": "10",
    "MeterValuesSampledData": "Energy.Active.Import.Register,Power.Active.Import,Current.Import,Voltage",
    "AuthorizeRemoteTxRequests": "true",
}

_CAR = Vehicle(
    name="Compact",
    battery_wh=60_000,
    ac_max_amperes=32.0,
    soc=30.0,
    note="A car of 60 kWh that takes whatever one phase gives it.",
)


def default_profile() -> StationProfile:
    """One connector, one phase, 32 A, detachable cable; a car of 60 kWh at 30 %; slider at 16 A."""
    return StationProfile(
        name="Wallbox",
        connectors=(ConnectorProfile(vehicle=_CAR.name),),
        meter=MeterProfile(current_noise=1.5),
        vehicles=(_CAR,),
        tags=(DEFAULT_TAG,),
        configuration=dict(_CONFIGURATION),
    )


def demo_profile() -> StationProfile:
    """The default station with a second connector: three phases, the cable fixed to the station."""
    family = Vehicle(
        name="Family", battery_wh=77_000, ac_phases=3, ac_max_amperes=16.0, dc_max_watts=150_000, soc=40.0
    )
    base = default_profile()
    return StationProfile(
        name="Demo",
        connectors=(base.connectors[0], ConnectorProfile(phases=3, fixed_cable=True, vehicle=family.name)),
        meter=base.meter,
        vehicles=(*base.vehicles, family),
        tags=(DEFAULT_TAG, "USER002"),
        configuration=dict(_CONFIGURATION),
    )
