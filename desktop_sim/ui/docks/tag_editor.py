"""The tags page of the central system's panel: a table, and a form for the chosen or a new tag."""

from collections.abc import Sequence

from PySide6.QtCore import QDateTime, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QDateTimeEdit, QFormLayout, QLineEdit, QWidget

from desktop_sim.central import Tag
from desktop_sim.central.tags import MAX_LENGTH
from desktop_sim.protocol.types import AuthorizationStatus
from desktop_sim.ui.docks.labels import Sentence
from desktop_sim.ui.docks.table import Table
from desktop_sim.ui.docks.tag_rows import TagRows
from desktop_sim.ui.kit import card, fill, horizontal, push, vertical
from desktop_sim.ui.texts import _

SECOND = 1_000_000


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
        self.expires = QCheckBox(_("Expires"))
        self.expiry = QDateTimeEdit()
        self.put_button = push(_("Add"), self._put, icon_name="plus", ink="on_accent", primary=True)
        self.remove_button = push(_("Remove"), self._remove, icon_name="trash", ink="muted")
        self.said = Sentence()
        self._now = 0
        self._lay_out()
        self._connect()
        self._judge()

    def _lay_out(self) -> None:
        for status in AuthorizationStatus:
            self.status.addItem(status.value, status.value)
        for field, name in ((self.tag, _("Tag")), (self.group, _("Group"))):
            field.setMaxLength(MAX_LENGTH)
            field.setAccessibleName(name)
        self.status.setAccessibleName(_("Status"))
        self.expiry.setAccessibleName(_("Expires on"))
        self.expiry.setCalendarPopup(True)
        self.expiry.setDisplayFormat("yyyy-MM-dd HH:mm")
        self.tag.setPlaceholderText(_("1 to {most} characters").format(most=MAX_LENGTH))
        self.group.setPlaceholderText(_("parentIdTag, if it belongs to one"))
        form = QFormLayout()
        form.setContentsMargins(12, 10, 12, 10)
        form.setVerticalSpacing(6)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.DontWrapRows)
        form.addRow(_("&Tag"), self.tag)
        form.addRow(_("&Status"), self.status)
        form.addRow(_("&Group"), self.group)
        form.addRow(self.expires, self.expiry)
        buttons = fill(horizontal(), self.said, self.remove_button, self.put_button)
        buttons.setStretch(0, 1)
        form.addRow(buttons)
        frame = card()
        frame.setLayout(form)
        foot = fill(vertical(), frame)
        foot.setContentsMargins(8, 8, 8, 8)
        column = fill(vertical(gap=0), self.table, foot)
        column.setStretch(0, 1)
        self.setLayout(column)

    def _connect(self) -> None:
        self.table.chosen.connect(self._chosen)
        self.tag.textChanged.connect(lambda text: self._judge())
        self.expires.toggled.connect(self._expires)
        for field in (self.tag, self.group):
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
        self.status.setCurrentIndex(self.status.findData(str(tag.status)))
        self.group.setText(tag.parent_id_tag or "")
        self.expires.setChecked(tag.expiry_date is not None)
        if tag.expiry_date is not None:
            self.expiry.setDateTime(QDateTime.fromMSecsSinceEpoch(tag.expiry_date // 1000))

    def _judge(self) -> None:
        """What the buttons would do to the tag whose name stands there."""
        name = self.tag.text().strip()
        known = self.rows.row_of(name) is not None
        self.put_button.setText(_("Change") if known else _("Add"))
        self.put_button.setEnabled(bool(name))
        self.remove_button.setEnabled(known)
        self.expiry.setEnabled(self.expires.isChecked())
        self.said.tell("")

    def _expires(self, on: bool) -> None:
        self.expiry.setEnabled(on)
        if on:
            tomorrow = self._now // SECOND + 24 * 3600
            self.expiry.setDateTime(QDateTime.fromSecsSinceEpoch(tomorrow))

    # --- what a person does ---

    def _put(self) -> None:
        name = self.tag.text().strip()
        if not name:
            return
        until = self.expiry.dateTime().toMSecsSinceEpoch() * 1000 if self.expires.isChecked() else None
        group = self.group.text().strip() or None
        status = AuthorizationStatus(self.status.currentData())
        tag = Tag(id_tag=name, status=status, parent_id_tag=group, expiry_date=until)
        self.tag_put.emit(tag)

    def _remove(self) -> None:
        self.tag_removed.emit(self.tag.text().strip())
