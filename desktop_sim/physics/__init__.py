"""What flows: vehicle, battery, supply and meter."""
