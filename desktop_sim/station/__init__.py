"""What a charging station does: deterministic, without any input or output of its own."""
