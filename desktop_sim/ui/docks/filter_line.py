"""The line above the traffic list: what to show, whether that can be understood, how much of it there is."""

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QCompleter, QLineEdit, QWidget

from desktop_sim.ui.docks.labels import Sentence
from desktop_sim.ui.docks.log_filter import EVERYTHING, Filter, FilterProblem, read_filter
from desktop_sim.ui.icons import icon
from desktop_sim.ui.kit import mark
from desktop_sim.ui.texts import _
from desktop_sim.ui.theme import theme

PAUSE_MS = 120
"""So long after the last key the filter is applied: nobody waits for a list while typing."""

EXAMPLES = (
    "action:",
    "connector:",
    "dir:in",
    "dir:out",
    "type:call",
    "type:answer",
    "error",
    "rtt>",
    "id:",
    "-action:Heartbeat",
)


class SearchField(QLineEdit):
    """A field with a magnifying glass; Escape empties it."""

    def __init__(self, name: str, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setPlaceholderText(hint)
        self.setToolTip(hint)
        self.setClearButtonEnabled(True)
        self._glass = QAction(self)
        self.addAction(self._glass, QLineEdit.ActionPosition.LeadingPosition)
        theme().changed.connect(self._paint_glass)
        self._paint_glass()

    def _paint_glass(self) -> None:
        self._glass.setIcon(icon("search", theme().tokens.muted))

    # --- Qt ---

    def event(self, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
            and self.text()
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            return
        super().keyPressEvent(event)


class FilterLine(SearchField):
    """Reads the filter while it is typed; a sentence beside it says what is wrong, and the last good one stays."""

    filter_changed = Signal(object)
    """The filter a person wants from now on."""

    def __init__(self, said: Sentence, parent: QWidget | None = None) -> None:
        super().__init__(
            _("Filter the traffic"),
            _("Filter: words, action:MeterValues, connector:1, dir:in, error, rtt>200"),
            parent,
        )
        self._said = said
        self._applied: str = ""
        self._wait = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._wait.timeout.connect(self.apply)
        self.textChanged.connect(self._typed)
        self.returnPressed.connect(self.apply)
        self._offer(EXAMPLES)

    def _offer(self, words: tuple[str, ...]) -> None:
        completer = QCompleter(words, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setCompletionMode(QCompleter.CompletionMode.InlineCompletion)
        self.setCompleter(completer)

    @property
    def problem(self) -> str:
        """Why the filter cannot be understood; empty if it can."""
        try:
            read_filter(self.text())
        except FilterProblem as problem:
            return str(problem)
        return ""

    def also(self, words: str) -> None:
        """Add words to the filter and apply it."""
        self.setText(f"{self.text().rstrip()} {words}".strip())
        self.apply()

    def apply(self) -> None:
        """Hand on the filter, if it can be understood."""
        self._wait.stop()
        text = self.text().strip()
        if self.problem or text == self._applied:
            return
        self._applied = text
        chosen: Filter = read_filter(text) if text else EVERYTHING
        self.filter_changed.emit(chosen)

    def _typed(self) -> None:
        problem = self.problem
        mark(self, state="bad" if problem else "good" if self.text().strip() else "")
        self.setAccessibleDescription(problem or _("The filter is valid"))
        if problem:
            self._said.tell(problem, "bad")
        self._wait.start()
