"""What outlives a stop: station profiles, sessions, the vehicle library, traces and their places."""
