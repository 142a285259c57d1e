"""The tags page of the central system's panel: a table, and a form for the chosen or a new tag."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QComboBox, QLineEdit, QWidget

from desktop_sim.central import Tag
from desktop_sim.central.tags import MAX_LENGTH
from desktop_sim.protocol.types import AuthorizationStatus
from desktop_sim.ui.docks.forms import add_field, form
from desktop_sim.ui.docks.labels import Sentence
from desktop_sim.ui.docks.moments import NoMoment, read_moment, write_moment
from desktop_sim.ui.docks.table import Table
from desktop_sim.ui.docks.tag_rows import TagRows
from desktop_sim.ui.kit import card, fill, horizontal, mark, push, vertical
from desktop_sim.ui.texts import _

BROAD = 600
"""From this width on (pixels) the form stands beside the table."""


class TagEditor(QWidget):
    """Changes hold from the next request on."""

    tag_put = Signal(object)
    """A tag is to be entered or replaced."""

    tag_removed = Signal(str)
    """A tag is to be forgotten."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = TagRows(self)
        self.table = Table(self.rows, _("Tags"), stretch=1, row_height=24)
        self.table.make_room(1, icon=True)
        self.table.say_when_empty(_("No tag is known; unknown ones are answered as set under Behaviour."))
        self.tag = QLineEdit()
        self.status = QComboBox()
        self.group = QLineEdit()
        self.expiry = QLineEdit()
        self.put_button = push(_("Add"), self._put, icon_name="plus", ink="on_accent", primary=True)
        self.remove_button = push(_("Remove"), self._remove, icon_name="trash", ink="muted")
        self.said = Sentence()
        self._now = 0
        self._lay_out()
        self._connect()
        self._judge()

    def _lay_out(self) -> None:
        self.status.addItems([status.value for status in AuthorizationStatus])
        self.tag.setMaxLength(MAX_LENGTH)
        self.group.setMaxLength(MAX_LENGTH)
        self.tag.setPlaceholderText(_("1 to {most} characters").format(most=MAX_LENGTH))
        self.group.setPlaceholderText(_("parentIdTag, if it belongs to one"))
        self.expiry.setPlaceholderText(_("never, or 2027-12-31 18:00, or +2 h"))
        fields = form(margin=10)
        add_field(fields, _("Tag"), self.tag)
        add_field(fields, _("Status"), self.status)
        add_field(fields, _("Group"), self.group)
        add_field(fields, _("Expires"), self.expiry)
        buttons = fill(horizontal(), self.said, self.remove_button, self.put_button)
        buttons.setStretch(0, 1)
        fields.addRow(buttons)
        frame = card()
        frame.setLayout(fields)
        self._halves = fill(vertical(gap=0), self.table, fill(vertical(margin=8), frame, 0))
        self._halves.setStretch(0, 3)
        self.setLayout(self._halves)

    def _connect(self) -> None:
        self.table.chosen.connect(self._chosen)
        for field in (self.tag, self.group, self.expiry):
            field.textChanged.connect(lambda text: self._judge())
            field.returnPressed.connect(self._put)

    # --- what is shown ---

    def show_tags(self, tags: Sequence[Tag], now: int) -> None:
        """Show these."""
        self._now = now
        self.rows.show(tags, now)
        self._judge()

    def refuse(self, sentence: str) -> None:
        """The tag could not be entered."""
        self.said.tell(sentence, "bad")

    def _chosen(self, row: int) -> None:
        if row < 0:
            return
        tag = self.rows.tag(row)
        self.tag.setText(tag.id_tag)
        self.status.setCurrentText(str(tag.status))
        self.group.setText(tag.parent_id_tag or "")
        self.expiry.setText(write_moment(tag.expiry_date))

    def _judge(self) -> None:
        """What the buttons would do to the tag whose name stands there, and what keeps them from it."""
        name, problem = self.tag.text().strip(), ""
        try:
            read_moment(self.expiry.text(), self._now)
        except NoMoment as no_moment:
            problem = str(no_moment)
        known = self.rows.row_of(name) is not None
        self.put_button.setText(_("Change") if known else _("Add"))
        self.put_button.setEnabled(bool(name) and not problem)
        self.remove_button.setEnabled(known)
        mark(self.expiry, state="bad" if problem else "")
        self.said.tell(problem, "bad")

    # --- what a person does ---

    def _put(self) -> None:
        if not self.put_button.isEnabled():
            return
        tag = Tag(
            id_tag=self.tag.text().strip(),
            status=AuthorizationStatus(self.status.currentText()),
            parent_id_tag=self.group.text().strip() or None,
            expiry_date=read_moment(self.expiry.text(), self._now),
        )
        self.tag_put.emit(tag)

    def _remove(self) -> None:
        self.tag_removed.emit(self.tag.text().strip())

    # --- Qt ---

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        broad = self.width() >= BROAD
        beside, below = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._halves.setDirection(beside if broad else below)
        self._halves.setStretch(1, 2 if broad else 0)
