"""The behaviour page of the central system's panel: how it registers stations, judges tags and answers."""

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QScrollArea, QSpinBox, QWidget

from desktop_sim.central import AnswerRule, Policy, Registration
from desktop_sim.protocol.types import AuthorizationStatus, RegistrationStatus
from desktop_sim.ui.docks.forms import add_field, form
from desktop_sim.ui.docks.labels import Sentence
from desktop_sim.ui.docks.rule_form import RuleForm
from desktop_sim.ui.kit import card, fill, heading, vertical
from desktop_sim.ui.texts import _

DAY = 86_400


class BehaviourForm(QScrollArea):
    """Edits the policy itself: the very next message follows it."""

    changed = Signal()
    """The policy is another one now."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._policy: Policy | None = None
        self.status = QComboBox()
        self.interval = QSpinBox()
        self.times = QSpinBox()
        self.said = Sentence()
        self.unknown = QComboBox()
        self.concurrent = QComboBox()
        self.rules = RuleForm()
        self._fill_choices()
        self._lay_out()
        self._connect()

    def _fill_choices(self) -> None:
        for status in RegistrationStatus:
            self.status.addItem(status.value, status.value)
        self.interval.setRange(0, DAY)
        self.interval.setSuffix(" s")
        self.times.setRange(0, 1000)
        self.times.setSpecialValueText(_("always"))
        for answer in AuthorizationStatus:
            self.unknown.addItem(answer.value, answer.value)
        self.concurrent.addItem(_("Refused when it starts to charge"), "start")
        self.concurrent.addItem(_("Refused as soon as it is presented"), "always")
        self.concurrent.addItem(_("Allowed"), "never")

    def _lay_out(self) -> None:
        inside = QWidget()
        column = fill(
            vertical(margin=8, gap=8),
            _part(
                _("Registration"),
                (_("BootNotification is answered"), self.status),
                (_("Interval"), self.interval),
                (_("How often"), self.times),
                (None, self.said),
            ),
            _part(
                _("Tags"),
                (_("An unknown tag is"), self.unknown),
                (_("A tag that charges elsewhere is"), self.concurrent),
            ),
            _part(_("Difficult answers"), (None, self.rules)),
            1,
        )
        self.concurrent.setMinimumContentsLength(22)
        inside.setLayout(column)
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(_("Behaviour"))

    def _connect(self) -> None:
        self.status.currentIndexChanged.connect(lambda place: self._registration())
        self.interval.valueChanged.connect(lambda value: self._registration())
        self.times.valueChanged.connect(lambda value: self._registration())
        self.unknown.currentIndexChanged.connect(lambda place: self._tags())
        self.concurrent.currentIndexChanged.connect(lambda place: self._tags())
        self.rules.rules_changed.connect(self._rules)

    # --- what is shown ---

    def show_policy(self, policy: Policy) -> None:
        """Show this policy, and change it from now on."""
        self._policy = policy
        registration = policy.registration
        fields = (self.status, self.interval, self.times, self.unknown, self.concurrent)
        blockers = [QSignalBlocker(field) for field in fields]
        self.status.setCurrentIndex(self.status.findData(str(registration.status)))
        if not self.interval.hasFocus():
            self.interval.setValue(registration.interval)
        if not self.times.hasFocus():
            self.times.setValue(registration.times or 0)
        self.unknown.setCurrentIndex(self.unknown.findData(str(policy.unknown_tags)))
        self.concurrent.setCurrentIndex(self.concurrent.findData(policy.concurrent))
        for blocker in blockers:
            blocker.unblock()
        self.rules.show_rules(policy.rules)
        self.said.tell(registration_sentence(registration))

    # --- what a person does ---

    def _registration(self) -> None:
        if self._policy is None:
            return
        self._policy.registration = Registration(
            status=RegistrationStatus(self.status.currentData()),
            interval=self.interval.value(),
            times=self.times.value() or None,
        )
        self.said.tell(registration_sentence(self._policy.registration))
        self.changed.emit()

    def _tags(self) -> None:
        if self._policy is not None:
            self._policy.unknown_tags = AuthorizationStatus(self.unknown.currentData())
            self._policy.concurrent = self.concurrent.currentData()
            self.changed.emit()

    def _rules(self, rules: list[AnswerRule]) -> None:
        if self._policy is not None:
            self._policy.rules[:] = rules
            self.rules.show_rules(self._policy.rules)
            self.changed.emit()


def registration_sentence(registration: Registration) -> str:
    """What the answer means to a station."""
    if registration.status == RegistrationStatus.Accepted:
        text = _("Stations are taken in and send a heartbeat every {interval} s.")
    elif registration.status == RegistrationStatus.Pending:
        text = _(
            "Stations wait and try again after {interval} s; they may be asked and configured meanwhile."
        )
    else:
        text = _("Stations are turned away and try again after {interval} s.")
    text = text.format(interval=registration.interval)
    if registration.times is not None:
        text += " " + _("After that they are accepted.")
    return text + " " + _("It takes effect at the next boot.")


def _part(title: str, *rows: tuple[str | None, QWidget]) -> QFrame:
    frame = card()
    fields = form(margin=10, wrap=True)
    fields.addRow(heading(title))
    for name, field in rows:
        if name is None:
            fields.addRow(field)
        else:
            add_field(fields, name, field)
    frame.setLayout(fields)
    return frame
