"""The station without a profile, and the one for a first look (DESIGN § 6). Their cars are in the vehicle library."""

from msgspec.structs import replace

from desktop_sim.station.profile import ConnectorProfile, MeterProfile, StationProfile

DEFAULT_TAG = "USER001"

_CONFIGURATION = {
    "MeterValueSampleInterval": "10",
    "MeterValuesSampledData": "Energy.Active.Import.Register,Power.Active.Import,Current.Import,Voltage",
    "AuthorizeRemoteTxRequests": "true",
}


def default_profile() -> StationProfile:
    """One connector, one phase, 32 A, detachable cable; a car of 60 kWh at 30 %; slider at 16 A."""
    return StationProfile(
        name="Wallbox",
        connectors=(ConnectorProfile(),),
        meter=MeterProfile(current_noise=1.5),
        tags=(DEFAULT_TAG,),
        configuration=dict(_CONFIGURATION),
    )


def demo_profile() -> StationProfile:
    """The default station with a second connector: three phases, the cable fixed to the station."""
    base = default_profile()
    second = ConnectorProfile(phases=3, fixed_cable=True, vehicle="Estate")
    return replace(base, name="Demo", connectors=(*base.connectors, second), tags=(DEFAULT_TAG, "USER002"))
