"""The configuration keys: looked at, searched, set."""

from functools import partial

from PySide6.QtCore import QEvent, QTimer
from PySide6.QtWidgets import QAbstractItemView, QWidget

from desktop_sim.station.commands import CommandRefused, Configuration
from desktop_sim.ui.docks.callout import Callout
from desktop_sim.ui.docks.filter_line import PAUSE_MS, SearchField
from desktop_sim.ui.docks.key_cells import KeyCells
from desktop_sim.ui.docks.key_meanings import meaning
from desktop_sim.ui.docks.key_model import VALUE, KeyModel
from desktop_sim.ui.docks.labels import Sentence
from desktop_sim.ui.docks.table import Table
from desktop_sim.ui.docks.view import DockView
from desktop_sim.ui.kit import fill, horizontal, tool, vertical
from desktop_sim.ui.session import Changes, StationSession
from desktop_sim.ui.tasks import Tasks
from desktop_sim.ui.texts import _, _n

ROW = 24
CHANGING = frozenset({"configuration", "registration"})
"""Events after which values may be others."""


class ConfigurationDock(DockView):
    """A table of all keys; a double click, Return or F2 opens the value."""

    def __init__(
        self, session: StationSession, *, tasks: Tasks | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(session, tasks=tasks, parent=parent)
        self.model = KeyModel(self)
        self.table = Table(self.model, _("Configuration keys"), stretch=VALUE, cells=KeyCells, row_height=ROW)
        self.table.make_room(0, icon=True)
        self.table.make_room(4, icon=True)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.search = SearchField(_("Search the keys"), _("Search keys, values and meanings"))
        self.read_button = tool(_("Read all keys again"), "reset", self.read_again)
        self.said = Sentence()
        self.callout = Callout(self.table)
        self._wait = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._stale = False
        self._reading = False
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        tools = fill(horizontal(gap=4), self.search, self.read_button)
        tools.setContentsMargins(8, 6, 8, 0)
        foot = fill(horizontal(), self.said)
        foot.setContentsMargins(10, 2, 10, 6)
        column = fill(vertical(gap=6), tools, self.table, foot)
        column.setStretch(1, 1)
        self.setLayout(column)

    def _connect(self) -> None:
        self._wait.timeout.connect(self._search)
        self.search.textChanged.connect(lambda text: self._wait.start())
        self.search.returnPressed.connect(self._search)
        self.table.activated_row.connect(self.edit)
        self.table.chosen.connect(lambda row: self._row_chosen())
        self.table.copied = self._as_text
        cells = self._cells
        cells.value_wished.connect(self._wish)
        cells.typing.connect(self.callout.hide)
        cells.closeEditor.connect(self.callout.hide)

    @property
    def _cells(self) -> KeyCells:
        cells = self.table.itemDelegate()
        assert isinstance(cells, KeyCells)
        return cells

    # --- what is shown ---

    def look(self, changes: Changes | None) -> None:
        """Ask the station when values may be others."""
        if changes is None or not self.model.count or changes.kinds & CHANGING:
            self.read_again()

    def read_again(self) -> None:
        """Ask the station for all keys."""
        self._stale = True
        if self.session.attached and not self._reading:
            self._reading = True
            self.tasks.start(self._read(), name="read configuration")
        elif not self.session.attached:
            self.table.say_when_empty(_("No station is open."))

    async def _read(self) -> None:
        try:
            while self._stale:
                self._stale = False
                self.model.show_keys(await self.session.port.submit(Configuration()))
            self._describe()
        except CommandRefused as refused:
            self.table.say_when_empty(refused.sentence)
            self.said.tell(refused.sentence, "warn")
        finally:
            self._reading = False

    def _search(self) -> None:
        self._wait.stop()
        self.callout.hide()
        self.model.search(self.search.text())
        self.table.say_when_empty(_("No key fits the search."))
        self._describe()

    def _row_chosen(self) -> None:
        self.callout.hide()
        self._describe()

    def _describe(self) -> None:
        """What the chosen key is for; without one, how many there are."""
        row = self.table.currentIndex().row()
        if 0 <= row < self.model.rowCount():
            key = self.model.key_row(row).key
            self.said.tell(meaning(key) or key)
        elif self.search.text().strip():
            self.said.tell(
                _("{shown} of {all} keys").format(shown=self.model.rowCount(), all=self.model.count)
            )
        else:
            self.said.tell(_n("%n keys; a double click or Return opens a value", self.model.count))

    # --- what a person does ---

    def edit(self, row: int) -> None:
        """Open the value of that row, if it may be set."""
        one = self.model.key_row(row)
        index = self.model.index(row, VALUE)
        if one.readonly:
            text = _("{key} tells a fact about the station and cannot be set.").format(key=one.key)
            self.callout.point_at(self.table.visualRect(index), text, "warn")
            return
        if self.table.state() != QAbstractItemView.State.EditingState:
            self.table.choose(row)
            self.table.edit(index)

    def _wish(self, key: str, value: str) -> None:
        """The field is still closing: the station is asked right after."""
        job = partial(self._set, key, value)
        QTimer.singleShot(0, self, lambda: self.tasks.start(job(), name=f"set {key}"))

    async def _set(self, key: str, value: str) -> None:
        try:
            result = await self.session.port.submit(Configuration(key=key, value=value))
        except CommandRefused as refused:
            self._refuse(key, value, refused.sentence)
            return
        self.model.light({key})
        if result.get("status") == "RebootRequired":
            self._point_at(key, _("Stored. It takes effect after a restart of the station."), "warn")
        self.read_again()

    def _refuse(self, key: str, value: str, sentence: str) -> None:
        """Say why not, right there, with the value as it was typed."""
        row = self.model.place_of(key)
        if row is None:
            self.said.tell(sentence, "bad")
            return
        self._cells.refused = (key, value)
        self.edit(row)
        self._point_at(key, sentence, "bad")

    def _point_at(self, key: str, sentence: str, kind: str) -> None:
        row = self.model.place_of(key)
        if row is not None:
            self.callout.point_at(self.table.visualRect(self.model.index(row, VALUE)), sentence, kind)

    def _as_text(self, rows: list[int]) -> str:
        chosen = [self.model.key_row(row) for row in rows]
        return "\n".join(f"{row.key}={row.value or ''}" for row in chosen)

    # --- Qt ---

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.callout.hide()
        return super().event(event)
