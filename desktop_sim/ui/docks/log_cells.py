"""What stands in each column of the traffic list."""

from desktop_sim.station.events import FrameEvent
from desktop_sim.ui.docks.cells import EMPTY, Cell, Column
from desktop_sim.ui.docks.summaries import size, summary
from desktop_sim.ui.log_store import Entry, LogStore
from desktop_sim.ui.texts import _, clock, latency

COLUMNS = ("time", "direction", "action", "connector", "summary", "size", "latency", "verdict")
TIME, DIRECTION, SUMMARY = 0, COLUMNS.index("direction"), COLUMNS.index("summary")


def titles() -> tuple[Column, ...]:
    """The columns in the language in force."""
    return (
        Column(_("Time"), "00:00:00.000"),
        Column(_("Direction"), _("Received"), drop=2),
        Column(_("Action"), "↳ StatusNotification.conf", roomy="↳ RemoteStartTransaction.conf"),
        Column(_("Connector"), "00", drop=3),
        Column(_("Content"), "Energy 19 Wh · Power"),
        Column(_("Size"), "000,0 kB", drop=5, right=True),
        Column(_("Latency"), "0000 ms", drop=1, right=True),
        Column(_("Verdict"), _("breaks the rules"), drop=4),
    )


def direction_word(event: FrameEvent) -> str:
    """Who spoke, seen from the station."""
    return _("Sent") if event.direction == "out" else _("Received")


def frame_name(event: FrameEvent) -> str:
    """What the frame is, in the words of the trade."""
    action = event.action or "?"
    match event.type:
        case "call":
            return action
        case "result":
            return f"{action}.conf"
        case "error":
            return _("{action} error").format(action=action)
        case _:
            return _("no frame")


def frame_cell(entry: Entry, column: str) -> Cell:
    """What stands in a column of that frame's row, as far as it depends on the frame alone."""
    event = entry.event
    match column:
        case "time":
            return Cell(clock(event.time, milliseconds=True), "muted")
        case "direction":
            sent = event.direction == "out"
            return Cell(direction_word(event), "accent" if sent else "calm", _arrow(event))
        case "action":
            return _action(entry)
        case "connector":
            return Cell(str(entry.connector)) if entry.connector >= 0 else EMPTY
        case "summary":
            return Cell(summary(event), "bad" if event.type == "error" else "text")
        case "size":
            return Cell(size(len(event.text)), "muted", right=True)
        case _:
            return _verdict(event)


def latency_cell(store: LogStore, number: int) -> Cell:
    """How long the answer took; at a call, whether one is still missing."""
    event = store.entry(number).event
    if event.latency is not None:
        return Cell(latency(event.latency), right=True)
    if event.type == "call" and store.partner(number) is None:
        return Cell("…", "muted", right=True)
    return EMPTY


def _arrow(event: FrameEvent) -> str:
    return "arrow-out" if event.direction == "out" else "arrow-in"


def _action(entry: Entry) -> Cell:
    event = entry.event
    name = frame_name(event)
    if event.type == "error":
        return Cell(f"↳ {name}", "bad")
    if event.verdict or event.type == "invalid":
        return Cell(f"↳ {name}" if entry.answer else name, "warn", strong=not entry.answer)
    return Cell(f"↳ {name}", "muted") if entry.answer else Cell(name, strong=True)


def _verdict(event: FrameEvent) -> Cell:
    if event.verdict:
        return Cell(event.verdict, "warn", "warning")
    if event.type == "error":
        return Cell(_("error"), "bad", "fault")
    if event.by_hand:
        return Cell(_("by hand"), "calm", "edit")
    return Cell(_("valid"), "muted", "check", icon_ink="good")
