"""The connectors as tabs: number, status by shape and word. A page is made when it is first seen."""

from functools import partial

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QTabWidget, QWidget

from desktop_sim.ui.connector_page import ConnectorPage
from desktop_sim.ui.icons import icon
from desktop_sim.ui.kit import vertical
from desktop_sim.ui.session import Changes, StationSession
from desktop_sim.ui.statuses import UNKNOWN, look
from desktop_sim.ui.texts import _
from desktop_sim.ui.theme import theme


class ConnectorTabs(QTabWidget):
    """One tab a connector."""

    acted = Signal(object)
    """A command a person gave."""

    def __init__(self) -> None:
        super().__init__()
        self._session: StationSession | None = None
        self.setDocumentMode(True)
        self.setIconSize(QSize(16, 16))
        self.setUsesScrollButtons(True)
        self.tabBar().setExpanding(False)
        self.tabBar().setAccessibleName(_("Connectors"))
        self.currentChanged.connect(self._came)
        theme().changed.connect(self._paint)
        for number in range(1, 10):
            QShortcut(QKeySequence(f"Alt+{number}"), self, partial(self.go, number - 1))

    def go(self, place: int) -> None:
        """To the connector at that place, if there is one."""
        if place < self.count():
            self.setCurrentIndex(place)

    def show_session(self, session: StationSession | None) -> None:
        """Make the tabs of another station, or of the same one built anew."""
        if self._session is not None:
            self._session.changed.disconnect(self._on_changes)
        self._session = None
        chosen = max(0, self.currentIndex())
        while self.count():
            holder = self.widget(0)
            self.removeTab(0)
            if holder is not None:
                holder.deleteLater()
        self._session = session
        if session is None:
            return
        session.changed.connect(self._on_changes)
        for number in session.connectors:
            self.addTab(_Holder(number), str(number))
        self._paint()
        self.setCurrentIndex(min(chosen, self.count() - 1))
        self._came(self.currentIndex())

    @property
    def page(self) -> ConnectorPage | None:
        """The page that is seen."""
        holder = self.currentWidget()
        return holder.page if isinstance(holder, _Holder) else None

    def step(self, steps: int) -> None:
        """To the next or the previous connector."""
        if self.count():
            self.setCurrentIndex((self.currentIndex() + steps) % self.count())

    def _came(self, place: int) -> None:
        holder = self.widget(place)
        if self._session is not None and isinstance(holder, _Holder) and holder.page is None:
            page = ConnectorPage(self._session, holder.number)
            page.acted.connect(self.acted)
            holder.put(page)

    def _on_changes(self, changes: Changes) -> None:
        if changes.kinds & {"status", "fault", "registration"}:
            self._paint()

    def _paint(self) -> None:
        """Shapes and words of all tabs."""
        if self._session is None:
            return
        tokens = theme().tokens
        for place in range(self.count()):
            holder = self.widget(place)
            if not isinstance(holder, _Holder):
                continue
            status = str(self._session.connector(holder.number).get("status", ""))
            if not self._session.powered:
                status = ""
            shown = look(status) if status else UNKNOWN
            text = f"{holder.number}  {status or _('No power')}"
            if self.tabText(place) != text:
                self.setTabText(place, text)
                self.setTabToolTip(
                    place, _("Connector {number}: {status}").format(number=holder.number, status=status)
                )
            self.setTabIcon(place, icon(shown.icon, getattr(tokens, shown.ink)))


class _Holder(QWidget):
    """The place of a page."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number
        self.page: ConnectorPage | None = None
        self.setLayout(vertical())

    def put(self, page: ConnectorPage) -> None:
        """Here it is."""
        self.page = page
        layout = self.layout()
        assert layout is not None
        layout.addWidget(page)
