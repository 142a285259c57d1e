"""The rows of the key table: what the station says of its configuration, and what has just changed."""

import html
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer

from desktop_sim.ui.docks.cells import EMPTY, NOWHERE, Cell, CellModel, Column, Index
from desktop_sim.ui.docks.key_meanings import meaning, type_words
from desktop_sim.ui.texts import _

KEY, VALUE, TYPE, ACCESS, RESTART = range(5)
FLASH_MS = 1600
HIDDEN = "••••••••"


@dataclass(frozen=True, slots=True)
class KeyRow:
    """One key as the station describes it. `value` is None where it may be set, but never read."""

    key: str
    value: str | None
    readonly: bool
    form: str
    unit: str
    reboot: bool

    @property
    def access(self) -> str:
        """Who may do what, in words; empty for the usual case."""
        if self.readonly:
            return _("read only")
        return _("write only") if self.value is None else ""

    def words(self) -> str:
        """Everything a search may hit, in small letters."""
        parts = (self.key, self.value or "", self.access, type_words(self.form, self.unit), meaning(self.key))
        return "\n".join(parts).lower()


def row_of(described: dict[str, Any]) -> KeyRow:
    """The row for what the command `configuration` says of a key."""
    return KeyRow(
        key=str(described["key"]),
        value=described.get("value"),
        readonly=bool(described.get("readonly")),
        form=str(described.get("type", "text")),
        unit=str(described.get("unit", "")),
        reboot=bool(described.get("reboot")),
    )


class KeyModel(CellModel):
    """Keys that fit a search; what changed since the last look is lit for a moment."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = (
            Column(_("Key"), "MeterValuesSampledData", roomy="ChargingScheduleAllowedChargingRateUnit"),
            Column(_("Value"), "Energy.Active.Im"),
            Column(_("Type"), _("list of measurands"), drop=2),
            Column(_("Access"), _("write only"), drop=1),
            Column(_("Restart"), _("needed"), drop=3),
        )
        self._all: list[KeyRow] = []
        self._rows: list[KeyRow] = []
        self._words: tuple[str, ...] = ()
        self._lit: set[str] = set()
        self._dim = QTimer(self, singleShot=True, interval=FLASH_MS)
        self._dim.timeout.connect(self._put_out)

    @property
    def count(self) -> int:
        """How many keys there are in all."""
        return len(self._all)

    def show_keys(self, described: Iterable[dict[str, Any]]) -> None:
        """Show what the station says now; changed values are lit."""
        before = {row.key: row for row in self._all}
        self._all = [row_of(one) for one in described]
        if before:
            self.light(
                {row.key for row in self._all if row.key in before and row.value != before[row.key].value}
            )
        if [row.key for row in self._all] == list(before):
            self._refresh_in_place()
        else:
            self._read()

    def search(self, text: str) -> None:
        """Show only keys with all these words in their key, value or meaning."""
        self._words = tuple(text.lower().split())
        self._read()

    def light(self, keys: set[str]) -> None:
        """Let keys stand out for a moment."""
        if keys:
            self._lit |= keys
            self._dim.start()
            self._repaint()

    def key_row(self, row: int) -> KeyRow:
        """The key in that row."""
        return self._rows[row]

    def place_of(self, key: str) -> int | None:
        """The row of a key, if it is shown."""
        return next((row for row, one in enumerate(self._rows) if one.key == key), None)

    def _read(self) -> None:
        self.beginResetModel()
        self._rows = [row for row in self._all if self._fits(row)]
        self.endResetModel()

    def _refresh_in_place(self) -> None:
        """The same keys as before: selection and scrolling stay."""
        now = {row.key: row for row in self._all}
        self._rows = [now[row.key] for row in self._rows]
        self._repaint()

    def _fits(self, row: KeyRow) -> bool:
        if not self._words:
            return True
        words = row.words()
        return all(word in words for word in self._words)

    def _put_out(self) -> None:
        self._lit.clear()
        self._repaint()

    def _repaint(self) -> None:
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, RESTART))

    # --- Qt ---

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def cell(self, row: int, column: int) -> Cell:
        one = self._rows[row]
        ground = "accent_soft" if one.key in self._lit else ""
        match column:
            case 0:
                return Cell(one.key, "text", "lock" if one.readonly else "key", ground, icon_ink="muted")
            case 1:
                return _value(one)._replace(ground=ground, strong=bool(ground))
            case 2:
                return Cell(type_words(one.form, one.unit), "muted", ground=ground)
            case 3:
                return Cell(one.access, "muted", ground=ground)
            case _:
                return (
                    Cell(_("needed"), "warn", "reset", ground)
                    if one.reboot
                    else EMPTY._replace(ground=ground)
                )

    def tooltip(self, row: int, column: int) -> str:
        one = self._rows[row]
        value = html.escape(_value(one).text).replace(",", ",<wbr>")
        facts = ", ".join(part for part in (type_words(one.form, one.unit), one.access) if part)
        return f"<p><b>{one.key}</b><br>{meaning(one.key)}</p><p>{value}<br><i>{facts}</i></p>"

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        if index.isValid() and index.column() == VALUE and not self._rows[index.row()].readonly:
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags


def _value(row: KeyRow) -> Cell:
    if row.value is None:
        return Cell(HIDDEN, "muted")
    if not row.value:
        return Cell(_("empty"), "muted")
    return Cell(row.value, "muted" if row.readonly else "text")
