"""Questions whose answer is awaited, while everything goes on."""

import asyncio
from enum import Enum
from pathlib import Path

from PySide6.QtWidgets import QDialog, QFileDialog, QMessageBox, QWidget

from desktop_sim.ui.texts import _


class Answer(Enum):
    """What a person said to unsaved changes."""

    SAVE = "save"
    DROP = "drop"
    CANCEL = "cancel"


async def finished(dialog: QDialog) -> int:
    """Open a dialog and wait for its end."""
    future: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def done(result: int) -> None:
        if not future.done():
            future.set_result(result)

    dialog.finished.connect(done)
    dialog.open()
    try:
        return await future
    finally:
        dialog.close()


async def ask_to_save(parent: QWidget, name: str) -> Answer:
    """Save, don't save, or stay."""
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.NoIcon)
    box.setWindowTitle(_("Unsaved changes"))
    box.setText(_("Save the changes to {name}?").format(name=name))
    box.setInformativeText(_("Otherwise they are lost."))
    save = box.addButton(_("&Save"), QMessageBox.ButtonRole.AcceptRole)
    drop = box.addButton(_("&Don't save"), QMessageBox.ButtonRole.DestructiveRole)
    stay = box.addButton(_("&Cancel"), QMessageBox.ButtonRole.RejectRole)
    save.setProperty("primary", True)
    box.setDefaultButton(save)
    box.setEscapeButton(stay)
    await finished(box)
    clicked = box.clickedButton()
    box.deleteLater()
    if clicked is save:
        return Answer.SAVE
    return Answer.DROP if clicked is drop else Answer.CANCEL


async def confirm(parent: QWidget, title: str, text: str, act: str) -> bool:
    """Whether something that cannot be taken back shall be done."""
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.NoIcon)
    box.setWindowTitle(title)
    box.setText(text)
    yes = box.addButton(act, QMessageBox.ButtonRole.AcceptRole)
    no = box.addButton(_("&Cancel"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(no)
    box.setEscapeButton(no)
    await finished(box)
    agreed = box.clickedButton() is yes
    box.deleteLater()
    return agreed


async def ask_for_file(
    parent: QWidget, title: str, start: str, filters: str, *, saving: bool = False
) -> Path | None:
    """A file to open, or to save to."""
    dialog = QFileDialog(parent, title, start, filters)
    if saving:
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setFileMode(QFileDialog.FileMode.AnyFile)
    else:
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    chosen = await finished(dialog) == QDialog.DialogCode.Accepted
    names = dialog.selectedFiles()
    dialog.deleteLater()
    return Path(names[0]) if chosen and names else None
