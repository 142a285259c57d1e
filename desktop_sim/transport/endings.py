"""How an open connection ended, in the words of a person (WS-10)."""

from __future__ import annotations

from websockets.exceptions import ConnectionClosed
from websockets.frames import Close

from desktop_sim.transport.link import InvalidMessage, LinkClosed

_MEANINGS = {
    1000: "normal end",
    1001: "going away",
    1002: "protocol error",
    1003: "unsupported data",
    1007: "invalid UTF-8",
    1008: "policy violation",
    1009: "message too big",
    1010: "extension missing",
    1011: "internal error",
    1012: "service restart",
    1013: "try again later",
    1014: "bad gateway",
    3000: "not authorized",
    3003: "forbidden",
    3008: "timeout",
}
_NO_CODE = 1005


def ending(closed: ConnectionClosed, peer: str, cut: LinkClosed | None) -> LinkClosed:
    """What the end of a WebSocket means. `peer` names the other side; `cut` is the end we made of it, if we cut it."""
    theirs, ours = closed.rcvd, closed.sent
    if theirs is not None and (ours is None or closed.rcvd_then_sent):
        return _by_them(theirs, peer)
    if ours is not None:
        return _by_us(ours, peer)
    if cut is not None:
        return again(cut)
    cause = closed.__cause__
    detail = f" ({cause.strerror or cause})" if isinstance(cause, OSError) else ""
    return LinkClosed(1006, f"The connection to the {peer} was lost without a goodbye{detail}.", by="network")


def again(over: LinkClosed) -> LinkClosed:
    """A fresh copy to raise, so that one exception does not collect the tracebacks of several raises."""
    return LinkClosed(over.code, over.sentence, over.reason, over.by)


def spoiled(closed: ConnectionClosed) -> InvalidMessage | None:
    """The message because of which we closed, if that is why (WS-6)."""
    if closed.sent is None or closed.rcvd_then_sent:
        return None
    if closed.sent.code == 1007:
        return InvalidMessage("utf-8")
    return InvalidMessage("oversize") if closed.sent.code == 1009 else None


def _by_them(frame: Close, peer: str) -> LinkClosed:
    if frame.code == _NO_CODE:
        return LinkClosed(_NO_CODE, f"The {peer} closed the connection without giving a reason.", by="them")
    return LinkClosed(frame.code, f"The {peer} closed the connection: {_words(frame)}.", frame.reason, "them")


def _by_us(frame: Close, peer: str) -> LinkClosed:
    if frame.code == 1007:
        sentence = f"We closed the connection: the {peer} sent text that is not UTF-8 (1007)."
    elif frame.code == 1009:
        sentence = f"We closed the connection: the {peer} sent a message that is too big (1009)."
    elif frame.code == 1002:
        sentence = f"We closed the connection: the {peer} broke the rules of WebSocket (1002{_said(frame)})."
    else:
        sentence = f"We closed the connection: {_words(frame)}."
    return LinkClosed(frame.code, sentence, frame.reason, "us")


def _words(frame: Close) -> str:
    meaning = _MEANINGS.get(frame.code)
    return f"{frame.code}{' ' + meaning if meaning else ''}{_said(frame)}"


def _said(frame: Close) -> str:
    return f', "{frame.reason}"' if frame.reason else ""
