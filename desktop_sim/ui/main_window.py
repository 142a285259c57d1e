"""The window: bar, connector pages, docks around them, status line. It places things and remembers where they were."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QByteArray, Qt, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QHideEvent, QShowEvent
from PySide6.QtWidgets import QDockWidget, QMainWindow, QMenu, QStackedWidget, QStatusBar, QToolBar, QWidget

from desktop_sim.ui.actions import Actions
from desktop_sim.ui.connection_bar import ConnectionBar
from desktop_sim.ui.connector_tabs import ConnectorTabs
from desktop_sim.ui.desk import Desk
from desktop_sim.ui.dock_title import DockTitle
from desktop_sim.ui.docks.central import CentralDock
from desktop_sim.ui.docks.configuration import ConfigurationDock
from desktop_sim.ui.docks.event_log import EventLogDock
from desktop_sim.ui.docks.traffic import TrafficDock
from desktop_sim.ui.docks.view import DockView
from desktop_sim.ui.icons import application_icon
from desktop_sim.ui.kit import fill, vertical
from desktop_sim.ui.memory import LAYOUT_VERSION, Memory
from desktop_sim.ui.notice import NoticeBar
from desktop_sim.ui.status_strip import StatusStrip
from desktop_sim.ui.tasks import Tasks
from desktop_sim.ui.texts import _
from desktop_sim.ui.welcome import WelcomePage

LEAST = (960, 600)
FIRST = (1360, 860)
ROOMY = 1240
"""From this width on the panels at the right are open at the first start."""


@dataclass(frozen=True, slots=True)
class Panel:
    """A dock: where it is at first, and what is in it."""

    name: str
    title: str
    area: Qt.DockWidgetArea
    view: Callable[..., DockView]


def panels() -> tuple[Panel, ...]:
    """The docks, in the order of their tabs."""
    below, beside = Qt.DockWidgetArea.BottomDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea
    return (
        Panel("traffic", _("Traffic"), below, TrafficDock),
        Panel("events", _("Event log"), below, EventLogDock),
        Panel("central", _("Central system"), beside, CentralDock),
        Panel("configuration", _("Configuration"), beside, ConfigurationDock),
    )


class MainWindow(QMainWindow):
    """Views are made anew for each session; the frame around them stays."""

    close_wished = Signal()
    file_dropped = Signal(str)

    def __init__(self, desk: Desk, tasks: Tasks, memory: Memory) -> None:
        super().__init__()
        self.desk = desk
        self.may_close = False
        self._tasks = tasks
        self._memory = memory
        self._docks: dict[str, QDockWidget] = {}
        self._views: dict[str, DockView] = {}
        self.setObjectName("main")
        self.setWindowIcon(application_icon())
        self.setMinimumSize(*LEAST)
        self.setAcceptDrops(True)
        self.setDockNestingEnabled(True)
        self.actions_ = Actions(self)
        self.bar = ConnectionBar(self.actions_)
        self.notice = NoticeBar()
        self.welcome = WelcomePage()
        self.tabs = ConnectorTabs()
        self.strip = StatusStrip()
        self._stack = QStackedWidget()
        self._build()
        desk.session_changed.connect(self._session_changed)
        desk.rebuilt.connect(self._session_rebuilt)
        desk.document_changed.connect(self._document_changed)
        desk.told.connect(self.notice.tell)
        self._first_layout: QByteArray = self.saveState(LAYOUT_VERSION)
        self._recall()
        self._session_changed()

    # --- building ---

    def _build(self) -> None:
        self.actions_.fill(self.menuBar())
        self.actions_.on_page(self.tabs)
        toolbar = QToolBar(_("Connection"))
        toolbar.setObjectName("connection")
        toolbar.setMovable(False)
        toolbar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        toolbar.addWidget(self.bar)
        self.addToolBar(toolbar)
        self._toolbar = toolbar
        self._stack.addWidget(self.welcome)
        self._stack.addWidget(self.tabs)
        middle = QWidget()
        middle.setLayout(fill(vertical(gap=0), self.notice, self._stack))
        self.setCentralWidget(middle)
        status = QStatusBar()
        status.setSizeGripEnabled(False)
        status.addPermanentWidget(self.strip, 1)
        self.setStatusBar(status)
        self._build_docks()

    def _build_docks(self) -> None:
        corner = Qt.Corner.BottomRightCorner
        self.setCorner(corner, Qt.DockWidgetArea.RightDockWidgetArea)
        first: dict[Qt.DockWidgetArea, QDockWidget] = {}
        for panel in panels():
            dock = QDockWidget(panel.title, self)
            dock.setObjectName(panel.name)
            dock.setTitleBarWidget(DockTitle(dock))
            self.addDockWidget(panel.area, dock)
            if panel.area in first:
                self.tabifyDockWidget(first[panel.area], dock)
            first.setdefault(panel.area, dock)
            self._docks[panel.name] = dock
            self.actions_.open_menus["panels"].addAction(dock.toggleViewAction())
        for dock in first.values():
            dock.raise_()

    def createPopupMenu(self) -> QMenu:
        """The menu of the right button on bars and titles: the panels."""
        menu = QMenu(self)
        for dock in self._docks.values():
            menu.addAction(dock.toggleViewAction())
        return menu

    # --- the station ---

    def _session_changed(self) -> None:
        session = self.desk.session
        there = session is not None
        if not there:
            self._remember_docks()
        self.bar.show_session(session, self.desk.recent_centrals)
        self.strip.show_session(session)
        self.tabs.show_session(session)
        self._fill_docks()
        self._stack.setCurrentWidget(self.tabs if there else self.welcome)
        self._toolbar.setVisible(there)
        self.statusBar().setVisible(there)
        if there:
            self._recall_docks()
            self.tabs.setFocus()
        else:
            self.welcome.show_recent(self.desk.recent_files)
            self.welcome.demo.setFocus()
        self._document_changed()

    def _session_rebuilt(self) -> None:
        self.tabs.show_session(self.desk.session)
        self.bar.show_target()
        self._document_changed()

    def _fill_docks(self) -> None:
        """Put the views of the session into the docks, or take them out."""
        session = self.desk.session
        for panel in panels():
            dock, old = self._docks[panel.name], self._views.pop(panel.name, None)
            if session is not None:
                view = panel.view(session, tasks=self._tasks)
                dock.setWidget(view)
                self._views[panel.name] = view
                if isinstance(view, CentralDock):
                    view.built_in_wished.connect(self._wish_built_in)
            else:
                dock.hide()
            if old is not None:
                old.setParent(None)
                old.deleteLater()

    def _wish_built_in(self) -> None:
        self._tasks.start(self.desk.use_built_in())

    def view(self, name: str) -> DockView:
        """What is in a dock."""
        return self._views[name]

    def dock(self, name: str) -> QDockWidget:
        """A dock, by name."""
        return self._docks[name]

    def _document_changed(self) -> None:
        document, session = self.desk.document, self.desk.session
        name = _("OCPP desktop simulator")
        if document is None or session is None:
            self.setWindowTitle(name)
            self.setWindowModified(False)
            return
        identity = session.identity
        shown = identity if document.title == identity else f"{identity} – {document.title}"
        self.setWindowTitle(f"{shown}[*] – {name}")
        self.setWindowModified(document.unsaved)
        self.bar.show_target()
        self.strip.refresh()

    # --- places ---

    def _recall(self) -> None:
        """Stand where the window stood last."""
        if not self.restoreGeometry(self._memory.blob("geometry")):
            self.resize(*FIRST)

    def _recall_docks(self) -> None:
        """The docks as they were; at the first start as the width allows."""
        if self._memory.number("layout_version", 0) == LAYOUT_VERSION and self.restoreState(
            self._memory.blob("layout"), LAYOUT_VERSION
        ):
            self._toolbar.show()
            return
        self.reset_layout()

    def _remember_docks(self) -> None:
        if self._views:
            self._memory.put(layout=self.saveState(LAYOUT_VERSION), layout_version=LAYOUT_VERSION)

    def remember(self) -> None:
        """Keep places for the next start."""
        self._remember_docks()
        self._memory.put(geometry=self.saveGeometry())

    def reset_layout(self) -> None:
        """Every panel back to its place."""
        self.restoreState(self._first_layout, LAYOUT_VERSION)
        self._toolbar.show()
        roomy = self.width() >= ROOMY
        for panel in panels():
            beside = panel.area is Qt.DockWidgetArea.RightDockWidgetArea
            self._docks[panel.name].setVisible(roomy or not beside)
        self._docks["traffic"].raise_()
        self._docks["central"].raise_()
        height = max(150, round(self.height() * 0.33))
        self.resizeDocks([self._docks["traffic"]], [height], Qt.Orientation.Vertical)
        self.resizeDocks([self._docks["central"]], [max(320, self.width() // 4)], Qt.Orientation.Horizontal)

    # --- Qt ---

    def showEvent(self, event: QShowEvent) -> None:
        """Frames may be painted again."""
        super().showEvent(event)
        self._tell_visible(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks: the models go on, slowly."""
        super().hideEvent(event)
        self._tell_visible(False)

    def _tell_visible(self, visible: bool) -> None:
        if self.desk.session is not None:
            self.desk.session.pump.set_visible(visible)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing takes time: the station ends first."""
        if self.may_close:
            event.accept()
            return
        event.ignore()
        self.close_wished.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A station profile may be dropped anywhere."""
        if self._dropped(event) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open it."""
        path = self._dropped(event)
        if path is not None:
            event.acceptProposedAction()
            self.file_dropped.emit(str(path))

    def _dropped(self, event: QDropEvent) -> Path | None:
        for url in event.mimeData().urls():
            path = Path(url.toLocalFile())
            if url.isLocalFile() and path.suffix == ".json":
                return path
        return None
