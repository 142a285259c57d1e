"""What flows: vehicle, battery, supply and meter.

    vehicle.Vehicle       the car as a document; `COMPACT` is the default one
    supply.OutletRating   what a connector is built for, with its Supply
    outlet.Outlet         one connector: causes in, observations out
    anchor.Anchor         what of it outlives the program
    meter.read, values    what its meter shows, measurand by measurand

Behind them: `battery` (the car in whole numbers), `limits` (who decides), `flow` (what flows), `integrator` (when).
"""

from desktop_sim.physics.anchor import Anchor
from desktop_sim.physics.outlet import Outlet
from desktop_sim.physics.supply import OutletRating, Supply
from desktop_sim.physics.vehicle import COMPACT, Vehicle

__all__ = ["COMPACT", "Anchor", "Outlet", "OutletRating", "Supply", "Vehicle"]
