"""The built-in central system: calls, transactions, tags, behaviour."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QStackedLayout, QTabWidget, QWidget

from desktop_sim.central import AnyCentralEvent, Tag
from desktop_sim.ui.docks.behaviour_form import BehaviourForm
from desktop_sim.ui.docks.calls_page import CallsPage
from desktop_sim.ui.docks.empty_page import EmptyPage
from desktop_sim.ui.docks.labels import Sentence
from desktop_sim.ui.docks.tag_editor import TagEditor
from desktop_sim.ui.docks.transaction_list import TransactionList
from desktop_sim.ui.docks.view import DockView
from desktop_sim.ui.icons import icon
from desktop_sim.ui.kit import fill, horizontal, vertical
from desktop_sim.ui.ports import CentralPort, Unsubscribe
from desktop_sim.ui.session import Changes, StationSession
from desktop_sim.ui.tasks import Tasks
from desktop_sim.ui.texts import _
from desktop_sim.ui.theme import theme

SLIM_TABS = "QTabBar::tab { padding: 7px 9px; }"
"""Four pages side by side even in a narrow panel."""


class CentralDock(DockView):
    """A panel with four pages; without the built-in central system, a page that says so."""

    built_in_wished = Signal()
    """A person wants this station connected to the built-in central system."""

    def __init__(
        self, session: StationSession, *, tasks: Tasks | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(session, tasks=tasks, parent=parent)
        self._central: CentralPort | None = None
        self._ear = _Ear()
        self._happened = True
        self.empty = EmptyPage("central", self.built_in_wished.emit)
        self.charge_point = QComboBox()
        self.said = Sentence(wrap=False)
        self.calls = CallsPage(self.tasks)
        self.transactions = TransactionList()
        self.tags = TagEditor()
        self.behaviour = BehaviourForm()
        self.tabs = QTabWidget()
        self._lay_out()
        self._connect()
        self._take_central()
        self._choose_page()

    def _lay_out(self) -> None:
        self.charge_point.setAccessibleName(_("Charge point"))
        self.charge_point.setToolTip(_("The charge point calls are sent to"))
        self.charge_point.setMinimumContentsLength(8)
        policy = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        self.charge_point.setSizeAdjustPolicy(policy)
        head = horizontal(gap=8)
        head.setContentsMargins(8, 6, 8, 0)
        head.addWidget(self.charge_point)
        head.addWidget(self.said, 1)
        self.tabs.setDocumentMode(True)
        self.tabs.setUsesScrollButtons(False)
        self.tabs.setElideMode(Qt.TextElideMode.ElideRight)
        self.tabs.setStyleSheet(SLIM_TABS)
        self.tabs.setAccessibleName(_("Central system"))
        self.tabs.tabBar().setAccessibleName(_("Central system"))
        self.tabs.addTab(self.calls, _("Commands"))
        self.tabs.addTab(self.transactions, _("Transactions"))
        self.tabs.addTab(self.tags, _("Tags"))
        self.tabs.addTab(self.behaviour, _("Behaviour"))
        self._panel = QWidget()
        self._panel.setLayout(fill(vertical(gap=4), head, self.tabs))
        self._stack = QStackedLayout()
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self._panel)
        self.setLayout(self._stack)

    def _connect(self) -> None:
        self.charge_point.currentIndexChanged.connect(lambda place: self._show_target())
        self.tabs.currentChanged.connect(lambda place: self._show_page())
        self.transactions.stop_wished.connect(self._stop_remotely)
        self.tags.tag_put.connect(self._put_tag)
        self.tags.tag_removed.connect(self._remove_tag)
        self.destroyed.connect(self._ear.close)

    # --- what is shown ---

    @property
    def identity(self) -> str:
        """The charge point calls are sent to."""
        return str(self.charge_point.currentData() or "")

    def look(self, changes: Changes | None) -> None:
        """Show the central system as it is now."""
        self._take_central()
        self._choose_page()
        if self._stack.currentWidget() is not self._panel:
            return
        if changes is None or self._happened or "link" in changes.kinds:
            self._happened = False
            self._show_points()
            self._show_target()
            self._show_page()
        elif self.tabs.currentWidget() is self.transactions:
            self._show_page()

    def recolour(self) -> None:
        """The signs of the charge points."""
        self._show_points()

    def _take_central(self) -> None:
        """The session may have got another central system."""
        if self.session.central is self._central:
            return
        self._central = self.session.central
        self._happened = True
        self._ear.listen_to(self._central, self._hear)

    def _hear(self, event: AnyCentralEvent) -> None:
        """Something happened there; it waits for the session's next frame."""
        self._happened = True
        self.session.pump.happened()

    def _choose_page(self) -> None:
        central = self._central
        if central is None or (self._elsewhere(central) and not central.connected):
            url = str(self.session.info.get("link", {}).get("url", ""))
            where = _("This station is set to {url}.").format(url=url) if url else ""
            what = _("Here you can send commands, watch transactions, and make answers difficult.")
            self.empty.tell(
                _("Not connected to the built-in central system"),
                f"{where} {what}".strip(),
                _("Connect to the built-in one"),
            )
            self._stack.setCurrentWidget(self.empty)
        else:
            self._stack.setCurrentWidget(self._panel)

    def _elsewhere(self, central: CentralPort) -> bool:
        """Whether this station is set to another central system."""
        url = str(self.session.info.get("link", {}).get("url", ""))
        return bool(url) and not url.startswith(central.url) and self._own() not in central.connected

    def _own(self) -> str:
        return self.session.identity if self.session.attached else ""

    def _show_points(self) -> None:
        """The charge points it knows, this session's first."""
        if self._central is None:
            return
        own = self._own()
        names = sorted(
            {*self._central.charge_points, *([own] if own else [])}, key=lambda name: (name != own, name)
        )
        chosen = self.identity
        self.charge_point.blockSignals(True)
        if [self.charge_point.itemData(place) for place in range(self.charge_point.count())] != names:
            self.charge_point.clear()
            for name in names:
                self.charge_point.addItem(name, name)
            self.charge_point.setCurrentIndex(names.index(chosen) if chosen in names else 0)
        tokens, connected = theme().tokens, set(self._central.connected)
        for place, name in enumerate(names):
            sign = icon("link-up", tokens.good) if name in connected else icon("link-offline", tokens.muted)
            self.charge_point.setItemIcon(place, sign)
        self.charge_point.blockSignals(False)

    def _show_target(self) -> None:
        """How the chosen charge point stands, and what that means for calls."""
        if self._central is None:
            return
        point = self._central.charge_points.get(self.identity)
        if point is None or not point.connected:
            self.said.tell(_("Not connected; it listens on {url}").format(url=self._central.url), "wait")
        elif point.registration == "Accepted":
            self.said.tell(_("Connected, accepted"), "good")
        elif point.registration:
            self.said.tell(_("Connected, {registration}").format(registration=point.registration), "warn")
        else:
            self.said.tell(_("Connected, not booted yet"), "warn")
        self.calls.show_target(self._central, self.identity, self.session.sim)

    def _show_page(self) -> None:
        central, now = self._central, self.session.sim
        if central is None:
            return
        page = self.tabs.currentWidget()
        if page is self.transactions:
            self.transactions.show_transactions(central.transactions, now)
        elif page is self.tags:
            self.tags.show_tags(central.tags, now)
        elif page is self.behaviour:
            self.behaviour.show_policy(central.policy)

    # --- what a person does ---

    def _stop_remotely(self, identity: str, transaction: int) -> None:
        """Write the call that stops it; a person sends it."""
        self.charge_point.setCurrentIndex(max(0, self.charge_point.findData(identity)))
        self.tabs.setCurrentWidget(self.calls)
        self.calls.form.write("RemoteStopTransaction", {"transactionId": transaction})

    def _put_tag(self, tag: Tag) -> None:
        if self._central is None:
            return
        try:
            self._central.put_tag(tag)
        except ValueError as problem:
            self.tags.refuse(str(problem))
            return
        self._show_page()

    def _remove_tag(self, id_tag: str) -> None:
        if self._central is not None:
            self._central.remove_tag(id_tag)
            self._show_page()


class _Ear:
    """Listens to one central system at a time; it is no QObject, so that it outlives the panel it belongs to."""

    def __init__(self) -> None:
        self._unsubscribe: Unsubscribe | None = None

    def listen_to(self, central: CentralPort | None, callback: Callable[[AnyCentralEvent], None]) -> None:
        """Hear this one from now on, and no other."""
        self.close()
        if central is not None:
            self._unsubscribe = central.subscribe(callback)

    def close(self) -> None:
        """Hear nothing any more."""
        if self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None
