"""What is said on the wire: OCPP 1.6J frames, typed messages, their codec, and what is wrong with a bad one."""
