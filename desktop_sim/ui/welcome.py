"""The first page: a demo in one click, one's own central system in two fields, and what was open before."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFormLayout, QLabel, QLayout, QLineEdit, QWidget

from desktop_sim.app.options import OptionProblem, check_identity, check_url
from desktop_sim.ui.icons import application_icon
from desktop_sim.ui.kit import caption, card, fill, heading, horizontal, line, mark, push, vertical
from desktop_sim.ui.texts import _
from desktop_sim.ui.theme import scaled_font

WIDTH = 560
MOST_RECENT = 5


class WelcomePage(QWidget):
    """What to do without having read anything."""

    demo_wished = Signal()
    connect_wished = Signal(str, str)
    """Address and charge point id."""
    open_wished = Signal()
    new_wished = Signal()
    file_wished = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._problem = QLabel()
        self._problem.setProperty("bad", True)
        self._problem.setWordWrap(True)
        self._problem.hide()
        self.identity = QLineEdit("CP001")
        self.address = QLineEdit()
        self._recent = vertical(gap=2)
        sheet = card()
        sheet.setFixedWidth(WIDTH)
        sheet.setLayout(
            fill(
                vertical(margin=26, gap=14),
                self._title(),
                self._demo(),
                line(),
                self._own(),
                line(),
                self._files(),
            )
        )
        row = fill(horizontal(), 1, sheet, 1)
        self.setLayout(fill(vertical(margin=16), 1, row, 1))

    def _title(self) -> QWidget:
        picture = QLabel()
        picture.setPixmap(application_icon().pixmap(52, 52))
        name = QLabel(_("OCPP desktop simulator"))
        name.setFont(scaled_font(1.5, bold=True))
        what = caption(
            _("A charging station that lives on your desk: OCPP 1.6J, exact on the wire."), wrap=True
        )
        words = fill(vertical(gap=2), name, what)
        title = QWidget()
        row = fill(horizontal(gap=14), picture, words)
        row.setStretch(1, 1)
        title.setLayout(row)
        return title

    def _demo(self) -> QWidget:
        self.demo = push(
            _("Try the &demo"), self.demo_wished.emit, icon_name="demo", ink="on_accent", primary=True
        )
        self.demo.setMinimumHeight(40)
        hint = caption(
            _(
                "Starts a station on the built-in central system and begins to charge a car. Nothing to set up."
            ),
            wrap=True,
        )
        return _part(fill(vertical(gap=6), self.demo, hint))

    def _own(self) -> QWidget:
        self.connect_button = push(_("&Connect"), self._connect, icon_name="connect")
        self.address.setPlaceholderText("ws://csms.example:9000/ocpp")
        self.address.setAccessibleName(_("Address of the central system"))
        self.identity.setAccessibleName(_("Charge point id"))
        self.identity.setMaxLength(48)
        for field in (self.address, self.identity):
            field.returnPressed.connect(self._connect)
            field.textEdited.connect(self._forget_problem)
        form = QFormLayout()
        form.setHorizontalSpacing(10)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(_("&Address"), self.address)
        form.addRow(_("&Id"), self.identity)
        row = fill(horizontal(), 1, self.connect_button)
        return _part(
            fill(vertical(gap=8), heading(_("Connect to my central system")), form, self._problem, row)
        )

    def _files(self) -> QWidget:
        new = push(_("&New station…"), self.new_wished.emit, icon_name="new")
        opened = push(_("&Open a station…"), self.open_wished.emit, icon_name="open")
        return _part(fill(vertical(gap=8), fill(horizontal(), new, opened, 1), self._recent))

    # --- what was open before ---

    def show_recent(self, files: list[str]) -> None:
        """The files opened last; what is not there any more is grey."""
        while (item := self._recent.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        for name in files[:MOST_RECENT]:
            path = Path(name)
            button = push(path.name, partial(self.file_wished.emit, name), link=True)
            button.setToolTip(name)
            button.setEnabled(path.exists())
            self._recent.addWidget(button)

    # --- one's own central system ---

    def _connect(self) -> None:
        url, identity = self.address.text().strip(), self.identity.text().strip()
        try:
            check_url(url)
        except OptionProblem as problem:
            self._refuse(self.address, str(problem))
            return
        try:
            check_identity(identity)
        except OptionProblem as problem:
            self._refuse(self.identity, str(problem))
            return
        self._forget_problem()
        self.connect_wished.emit(url, identity)

    def _refuse(self, field: QLineEdit, sentence: str) -> None:
        self._problem.setText(sentence)
        self._problem.show()
        mark(field, state="bad")
        field.setFocus()

    def _forget_problem(self) -> None:
        self._problem.hide()
        for field in (self.address, self.identity):
            mark(field, state="")


def _part(layout: QLayout) -> QWidget:
    widget = QWidget()
    widget.setLayout(layout)
    return widget
