"""When the program itself makes a mistake: what happened, ready to be copied; the station goes on."""

import traceback

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QWidget

from desktop_sim.ui.diagnostics import diagnostics
from desktop_sim.ui.kit import caption, fill, heading, horizontal, push, vertical
from desktop_sim.ui.texts import _
from desktop_sim.ui.theme import fixed_font


class CrashReport(QDialog):
    """One mistake, or several that came together."""

    def __init__(self, error: BaseException, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Something went wrong"))
        self._text = QPlainTextEdit()
        self._text.setReadOnly(True)
        self._text.setFont(fixed_font(-1))
        self._text.setAccessibleName(_("Report"))
        self._text.setPlainText(report(error))
        self._count = 1
        copy = push(_("&Copy the report"), self.copy, icon_name="copy")
        close = push(_("C&lose"), self.close, primary=True)
        close.setDefault(True)
        title = heading(_("The program made a mistake. The station goes on."))
        hint = caption(_("Please send this report to those who look after the program."), wrap=True)
        row = fill(horizontal(), copy, 1, close)
        self.setLayout(fill(vertical(margin=16, gap=10), title, hint, self._text, row))
        self.resize(720, 420)

    def add(self, error: BaseException) -> None:
        """Another one, before the first was read; at most a few."""
        self._count += 1
        if self._count <= 5:
            self._text.appendPlainText("\n" + traceback_text(error))

    @property
    def text(self) -> str:
        """The whole report."""
        return self._text.toPlainText()

    def copy(self) -> None:
        """Put the report on the clipboard."""
        QGuiApplication.clipboard().setText(self.text)


def report(error: BaseException) -> str:
    """What happened, and where."""
    return f"{traceback_text(error)}\n{diagnostics()}"


def traceback_text(error: BaseException) -> str:
    """The mistake as Python tells it."""
    return "".join(traceback.format_exception(error))
