"""Everything the window can do, found by a few letters."""

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QAction, QIcon, QKeyEvent, QKeySequence, QPainter, QPixmap
from PySide6.QtWidgets import (
    QDialog,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from desktop_sim.ui.actions import Actions
from desktop_sim.ui.kit import fill, vertical
from desktop_sim.ui.texts import _, plain
from desktop_sim.ui.theme import theme

ACTION = Qt.ItemDataRole.UserRole
KEYS = Qt.ItemDataRole.UserRole + 1
ICON = 16


class CommandPalette(QDialog):
    """A field and a list; Enter does it."""

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Dialog | Qt.WindowType.FramelessWindowHint)
        self.setWindowTitle(_("Find a command"))
        self._actions = [action for action in actions if action.isEnabled()]
        self.field = QLineEdit()
        self.field.setPlaceholderText(_("What do you want to do?"))
        self.field.setAccessibleName(_("Find a command"))
        self.list = QListWidget()
        self.list.setAccessibleName(_("Commands"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setUniformItemSizes(True)
        self.list.setIconSize(QSize(ICON, ICON))
        self.list.setItemDelegate(_WithKeys(self.list))
        blank = QPixmap(ICON, ICON)
        blank.fill(Qt.GlobalColor.transparent)
        self._blank = QIcon(blank)
        self.setLayout(fill(vertical(margin=8), self.field, self.list))
        self.field.textChanged.connect(self._find)
        self.field.returnPressed.connect(self._do)
        self.field.installEventFilter(self)
        self.list.itemClicked.connect(lambda item: self._do())
        self.resize(520, 380)
        self._find("")

    def event(self, event: QEvent) -> bool:
        """A click elsewhere closes it."""
        if event.type() == QEvent.Type.WindowDeactivate:
            self.close()
        return super().event(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows in the field move in the list."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
            if steps is not None and self.list.count():
                self.list.setCurrentRow((self.list.currentRow() + steps) % self.list.count())
                return True
        return super().eventFilter(watched, event)

    def _find(self, text: str) -> None:
        self.list.clear()
        for action in sorted(self._actions, key=lambda action: rank(text, plain(action.text()))):
            name = plain(action.text())
            if rank(text, name) > 2:
                continue
            item = QListWidgetItem(action.icon(), name)
            if action.icon().isNull():
                item.setIcon(self._blank)
            item.setData(ACTION, action)
            item.setData(KEYS, action.shortcut().toString(QKeySequence.SequenceFormat.NativeText))
            item.setToolTip(action.toolTip())
            self.list.addItem(item)
        self.list.setCurrentRow(0)

    def _do(self) -> None:
        item = self.list.currentItem()
        self.close()
        if item is not None:
            action = item.data(ACTION)
            assert isinstance(action, QAction)
            action.trigger()


class _WithKeys(QStyledItemDelegate):
    """The keys of an action stand at the right."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """The row, then its keys."""
        super().paint(painter, option, index)
        painter.setPen(theme().colour("muted"))
        rect = option.rect.adjusted(0, 0, -10, 0)
        painter.drawText(rect, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, index.data(KEYS))


def rank(text: str, name: str) -> int:
    """How well a name fits what was typed: 0 begins with it, 1 a word does, 2 contains it, 3 not at all."""
    text, name = text.strip().casefold(), name.casefold()
    if name.startswith(text):
        return 0
    if any(word.startswith(text) for word in name.split()):
        return 1
    return 2 if text in name else 3
