"""Seeded chance. Same seed and inputs, same bytes (DESIGN § 3): every generator derives from seed, identity, boot
count and purpose, so one block drawing a number never disturbs another.
"""

from collections.abc import Callable
from hashlib import blake2b

_MASK = (1 << 64) - 1
_GAMMA = 0x9E3779B97F4A7C15


class Chance:
    """A SplitMix64 generator: one 64-bit integer of state."""

    __slots__ = ("_state",)

    def __init__(self, *parts: object) -> None:
        text = "\x1f".join(str(part) for part in parts)
        self._state = int.from_bytes(blake2b(text.encode(), digest_size=8).digest())

    def bits(self) -> int:
        """64 random bits."""
        self._state = (self._state + _GAMMA) & _MASK
        z = self._state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
        return z ^ (z >> 31)

    def uniform(self) -> float:
        """A number in [0, 1)."""
        return (self.bits() >> 11) / (1 << 53)

    def uuid(self) -> str:
        """Text in the shape of a random UUID, 36 characters (RPC-1)."""
        high, low = self.bits(), self.bits()
        high = (high & ~0xF000) | 0x4000
        low = (low & (_MASK >> 2)) | (1 << 63)
        text = f"{high:016x}{low:016x}"
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


class Dice:
    """Numbers that stay the same at one instant, however often they are asked for."""

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self._instant: int | None = None
        self._thrown: list[int] = []

    def throw(self, instant: int) -> Callable[[], int]:
        """The numbers of this instant, one after the other."""
        if instant != self._instant:
            self._instant = instant
            self._thrown = [self._chance.bits() for _ in range(6)]
        return iter(self._thrown).__next__
