"""What survives: durable records the station asks its driver to store (DESIGN: durability).

A record is one value under (kind, key). The station reads them all back when it is built again, so storage needs to
know nothing of their meaning. The value is JSON, encoded here, so that the driver only moves bytes.
"""

from collections.abc import Mapping

import msgspec

Stored = Mapping[str, Mapping[str, bytes]]
"""Everything a station had stored: kind → key → JSON."""


class Record(msgspec.Struct, frozen=True):
    """Put `value` (JSON) under (`kind`, `key`); None forgets it."""

    kind: str
    key: str
    value: bytes | None
