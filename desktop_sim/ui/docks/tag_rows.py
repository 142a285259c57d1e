"""The tags of the central system as rows."""

from collections.abc import Sequence

from PySide6.QtCore import QObject

from desktop_sim.central import Tag
from desktop_sim.protocol.types import AuthorizationStatus
from desktop_sim.ui.docks.cells import NOWHERE, Cell, CellModel, Column, Index
from desktop_sim.ui.docks.labels import SIGNS
from desktop_sim.ui.texts import _, date_and_clock

KINDS = {"Accepted": "good", "Expired": "warn", "ConcurrentTx": "warn"}


class TagRows(CellModel):
    """Tags in the order they were entered; what is past its expiry says so."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = (
            Column(_("Tag"), "USER001000"),
            Column(_("Status"), AuthorizationStatus.ConcurrentTx.value),
            Column(_("Group"), "PARENT000", drop=2),
            Column(_("Expires"), "0000-00-00 00:00:00", drop=1),
        )
        self._tags: list[Tag] = []
        self._now = 0

    def show(self, tags: Sequence[Tag], now: int) -> None:
        """Show these; `now` (µs) decides what is expired."""
        self._now = now
        if list(tags) != self._tags:
            self.beginResetModel()
            self._tags = list(tags)
            self.endResetModel()

    def tag(self, row: int) -> Tag:
        """The tag in that row."""
        return self._tags[row]

    def row_of(self, id_tag: str) -> int | None:
        """The row of a tag; upper and lower case count alike."""
        folded = id_tag.casefold()
        return next((row for row, tag in enumerate(self._tags) if tag.id_tag.casefold() == folded), None)

    # --- Qt ---

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._tags)

    def cell(self, row: int, column: int) -> Cell:
        tag = self._tags[row]
        expired = tag.expiry_date is not None and tag.expiry_date <= self._now
        match column:
            case 0:
                return Cell(tag.id_tag, strong=True)
            case 1:
                word = "Expired" if expired and tag.status == "Accepted" else str(tag.status)
                icon, ink = SIGNS[KINDS.get(word, "bad")]
                return Cell(word, "text", icon, icon_ink=ink)
            case 2:
                return Cell(tag.parent_id_tag or "", "muted")
            case _:
                text = _("never") if tag.expiry_date is None else date_and_clock(tag.expiry_date)
                return Cell(text, "warn" if expired else "muted")
