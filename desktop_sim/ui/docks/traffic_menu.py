"""What a right click on frames offers."""

from collections.abc import Callable

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from desktop_sim.ui.docks import copying
from desktop_sim.ui.log_store import Entry
from desktop_sim.ui.texts import _

OnFilter = Callable[[str], None]
OnJump = Callable[[], None]


def frame_menu(
    parent: QWidget, entries: list[Entry], url: str, on_filter: OnFilter, on_jump: OnJump | None
) -> QMenu:
    """The menu for these frames; `on_jump` goes to the other half of the first one, if there is one."""
    menu = QMenu(parent)
    menu.setAccessibleName(_("Frames"))
    events = [entry.event for entry in entries]
    _copy(menu, _("Copy frame"), copying.frames(events)).setShortcut("Ctrl+C")
    _copy(menu, _("Copy as indented JSON"), copying.readable(events))
    _copy(menu, _("Copy as wscat line"), copying.wscat(events, url))
    menu.addSeparator()
    first = entries[0]
    jump = menu.addAction(_("Go to the call") if first.answer else _("Go to the answer"))
    jump.setEnabled(on_jump is not None)
    if on_jump is not None:
        jump.triggered.connect(lambda checked=False: on_jump())
    menu.addSeparator()
    for words in offers(first):
        action = menu.addAction(_("Filter: {words}").format(words=words))
        action.triggered.connect(lambda checked=False, words=words: on_filter(words))
    return menu


def offers(entry: Entry) -> list[str]:
    """Filters that have to do with a frame."""
    event = entry.event
    words = [f"action:{event.action}", f"-action:{event.action}"] if event.action else []
    if entry.connector >= 0:
        words.append(f"connector:{entry.connector}")
    if event.message_id:
        words.append(f"id:{event.message_id}")
    return words


def _copy(menu: QMenu, title: str, text: str) -> QAction:
    action = menu.addAction(title)
    action.setEnabled(bool(text))
    action.triggered.connect(lambda checked=False: QApplication.clipboard().setText(text))
    return action
