"""The station's state as plain data: what `info` shows (DESIGN § 6)."""

from typing import Any

from desktop_sim.physics.battery import NANOJOULES_PER_WH
from desktop_sim.station.connectors import Connector
from desktop_sim.station.supply import session_wh
from desktop_sim.station.turn import Reading


def connector_info(
    connector: Connector, shown: Any, overlay: Any, limit_reason: str, reservations: list[dict[str, Any]]
) -> dict[str, Any]:
    """One connector, with the reservation of it, if any; wire spellings, SI units."""
    outlet, world, transaction = connector.outlet, connector.world, connector.transaction
    info: dict[str, Any] = {
        "id": connector.id,
        "status": shown.status.value,
        "error_code": shown.error_code.value,
        "operative": connector.operative,
        "plugged": {
            "vehicle": world.vehicle_end,
            "station": world.station_end or connector.profile.fixed_cable,
        },
        "locked": world.locked,
        "vehicle": connector.vehicle.name,
        "meter_wh": outlet.register_wh,
        "amperes": max(outlet.milliamps) / 1000,
        "volts": max(outlet.millivolts) / 1000,
        "watts": outlet.milliwatts / 1000,
        "soc": outlet.soc_percent,
        "slider_a": world.slider_milliamps / 1000,
        "limit_a": outlet.offered_milliamps / 1000,
        "limit_reason": limit_reason,
        "decided_by": outlet.decided_by,
        "ev_paused": world.ev_paused,
        "evse_paused": world.evse_paused,
        "lock_broken": world.lock_broken,
    }
    if overlay is not None:
        info["reported"] = overlay.value
    if shown.info:
        info["info"] = shown.info
    if reservations:
        info["reservation"] = reservations[0]
    if connector.grant:
        info["granted"] = connector.grant.tag.id_tag
    if connector.scheduled is not None:
        info["scheduled"] = "Operative" if connector.scheduled else "Inoperative"
    if transaction:
        info["transaction"] = {
            "id": transaction.transaction_id,
            "id_tag": transaction.tag.id_tag,
            "start": transaction.timestamp,
            "started": transaction.started,
            "energy_wh": round(session_wh(connector) or 0.0, 3),
            "suspended": transaction.suspended,
        }
    return info


def reading(connector: Connector, sim: int) -> Reading:
    """Live values of one connector. Power is constant until the next event, so the register is carried forward."""
    outlet = connector.outlet
    register = outlet.register_nanojoules + outlet.milliwatts * max(0, sim - outlet.now)
    session = session_wh(connector)
    if session is not None:
        session += (register - outlet.register_nanojoules) / NANOJOULES_PER_WH
    return Reading(
        connector=connector.id,
        sim=sim,
        milliwatts=outlet.milliwatts,
        milliamps=outlet.milliamps,
        millivolts=outlet.millivolts,
        register=register,
        energy_wh=register // NANOJOULES_PER_WH,
        session_wh=session,
        soc=outlet.soc_percent,
        offered_a=outlet.offered_milliamps / 1000,
        limit_a=min(outlet.offered_milliamps, connector.outlet.rating.milliamps) / 1000,
        slider_a=connector.world.slider_milliamps / 1000,
        decided_by=outlet.decided_by,
    )
