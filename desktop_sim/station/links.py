"""The link a station wants. The driver compares it with the link there is and makes it true."""

import msgspec


class LinkWanted(msgspec.Struct, frozen=True):
    """A plain value the driver reads after each turn.

    A higher `generation` means: close the present link (with `close_code`, or without any close frame when `drop` is
    set) and connect anew if `open`. `ping_interval` is in seconds, 0 for none (WS-20).
    """

    open: bool = False
    generation: int = 0
    drop: bool = False
    close_code: int = 1000
    url: str = ""
    identity: str = ""
    security_profile: int = 0
    authorization_key: str | None = None
    ping_interval: int = 60
    tolerate_missing_subprotocol: bool = False
