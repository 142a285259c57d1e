"""Any message of the station: an action with its payload, checked or forced, or any text at all."""

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QLabel, QPlainTextEdit, QTabWidget, QWidget

from desktop_sim.protocol.actions import ACTIONS
from desktop_sim.station import commands as c
from desktop_sim.ui.kit import caption, fill, horizontal, mark, push, vertical
from desktop_sim.ui.texts import _
from desktop_sim.ui.theme import fixed_font

Templates = dict[str, dict[str, object]]


def templates(now: str, tag: str) -> Templates:
    """A payload to start from for every action a person may want to send; `now` as on the wire."""
    sample = {"timestamp": now, "sampledValue": [{"value": "0"}]}
    return {
        "Authorize": {"idTag": tag},
        "BootNotification": {"chargePointVendor": "Desktop Sim", "chargePointModel": "Wallbox 1"},
        "DataTransfer": {"vendorId": "org.example", "messageId": "hello", "data": "text"},
        "DiagnosticsStatusNotification": {"status": "Idle"},
        "FirmwareStatusNotification": {"status": "Idle"},
        "Heartbeat": {},
        "LogStatusNotification": {"status": "Idle"},
        "MeterValues": {"connectorId": 1, "meterValue": [sample]},
        "SecurityEventNotification": {"type": "SettingSystemTime", "timestamp": now},
        "SignedFirmwareStatusNotification": {"status": "Idle"},
        "StartTransaction": {"connectorId": 1, "idTag": tag, "meterStart": 0, "timestamp": now},
        "StatusNotification": {"connectorId": 1, "errorCode": "NoError", "status": "Available"},
        "StopTransaction": {"transactionId": 1, "meterStop": 0, "timestamp": now},
    }


class Composer(QDialog):
    """Stays open while one tries; `wished` brings the command."""

    wished = Signal(object)

    def __init__(self, templates: Templates, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._templates = templates
        self.setWindowTitle(_("Send a message"))
        self.action = QComboBox()
        self.action.addItems([name for name, action in ACTIONS.items() if action.from_charge_point])
        self.action.setAccessibleName(_("Action"))
        self.payload = _editor(_("Payload as JSON"))
        self.force = QCheckBox(_("Send it &even if it breaks the schema"))
        self.raw = _editor(_("Any text"))
        self.raw.setPlainText('[2,"1","Heartbeat",{}]')
        self.tabs = QTabWidget()
        self.tabs.addTab(self._call_page(), _("&Call"))
        self.tabs.addTab(self._raw_page(), _("Any &text"))
        self._problem = QLabel()
        self._problem.setProperty("bad", True)
        self._problem.hide()
        self.send = push(_("&Send"), self._send, icon_name="send", ink="on_accent", primary=True)
        close = push(_("C&lose"), self.close)
        foot = fill(vertical(margin=14), self._problem, fill(horizontal(), 1, close, self.send))
        self.setLayout(fill(vertical(gap=0), self.tabs, foot))
        self.action.currentTextChanged.connect(self._template)
        self.action.setCurrentText("Heartbeat")
        self._template(self.action.currentText())
        self.resize(520, 420)

    def _call_page(self) -> QWidget:
        page = QWidget()
        page.setLayout(fill(vertical(margin=14), self.action, self.payload, self.force))
        return page

    def _raw_page(self) -> QWidget:
        page = QWidget()
        hint = caption(_("Goes on the wire exactly as it stands here, broken or not."), wrap=True)
        page.setLayout(fill(vertical(margin=14), hint, self.raw))
        return page

    def _template(self, action: str) -> None:
        content = msgspec.json.encode(self._templates.get(action, {}))
        self.payload.setPlainText(msgspec.json.format(content, indent=2).decode())

    def _send(self) -> None:
        self._problem.hide()
        mark(self.payload, state="")
        if self.tabs.currentIndex() == 1:
            self.wished.emit(c.SendRaw(text=self.raw.toPlainText()))
            return
        try:
            payload = msgspec.json.decode(self.payload.toPlainText() or "{}", type=dict)
        except msgspec.MsgspecError as problem:
            self._problem.setText(_("This is no JSON object: {problem}").format(problem=problem))
            self._problem.show()
            mark(self.payload, state="bad")
            return
        self.wished.emit(
            c.Send(action=self.action.currentText(), payload=payload, force=self.force.isChecked())
        )


def _editor(name: str) -> QPlainTextEdit:
    editor = QPlainTextEdit()
    editor.setFont(fixed_font())
    editor.setAccessibleName(name)
    editor.setTabChangesFocus(True)
    return editor
