"""The pages of the profile editor. Each fills its part of a profile in and out; none knows the others."""

from msgspec.structs import replace
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QSpinBox,
    QWidget,
)

from desktop_sim.station.profile import SecretReference, StationProfile
from desktop_sim.storage.vehicles import vehicle_library
from desktop_sim.ui.kit import caption, fill, horizontal, tool, vertical
from desktop_sim.ui.texts import _
from desktop_sim.ui.theme import fixed_font

MOST_CONNECTORS = 64


def _form() -> QFormLayout:
    form = QFormLayout()
    form.setContentsMargins(14, 14, 14, 14)
    form.setHorizontalSpacing(14)
    form.setVerticalSpacing(8)
    form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    return form


def _text(form: QFormLayout, label: str, value: str, *, most: int = 0, hint: str = "") -> QLineEdit:
    field = QLineEdit(value)
    if most:
        field.setMaxLength(most)
    field.setPlaceholderText(hint)
    field.setAccessibleName(label.replace("&", ""))
    form.addRow(label, field)
    return field


class IdentityPage(QWidget):
    """Who the station says it is."""

    def __init__(self, profile: StationProfile) -> None:
        super().__init__()
        form, who = _form(), profile.identity
        self.name = _text(form, _("&Name"), profile.name, hint=_("for people only"))
        self.identity = _text(form, _("Charge point &id"), who.charge_point_id, most=48)
        self.vendor = _text(form, _("&Vendor"), who.vendor, most=20)
        self.model = _text(form, _("&Model"), who.model, most=20)
        self.serial = _text(form, _("&Serial number"), who.charge_point_serial_number, most=25)
        self.box_serial = _text(form, _("Charge &box serial number"), who.charge_box_serial_number, most=25)
        self.firmware = _text(form, _("&Firmware version"), who.firmware_version, most=50)
        self.meter_type = _text(form, _("Meter &type"), who.meter_type, most=25)
        self.meter_serial = _text(form, _("Meter serial n&umber"), who.meter_serial_number, most=25)
        self.setLayout(form)

    def into(self, profile: StationProfile) -> StationProfile:
        """The profile with what stands here."""
        identity = replace(
            profile.identity,
            charge_point_id=self.identity.text().strip(),
            vendor=self.vendor.text(),
            model=self.model.text(),
            charge_point_serial_number=self.serial.text(),
            charge_box_serial_number=self.box_serial.text(),
            firmware_version=self.firmware.text(),
            meter_type=self.meter_type.text(),
            meter_serial_number=self.meter_serial.text(),
        )
        return replace(profile, name=self.name.text().strip(), identity=identity)


class ConnectionPage(QWidget):
    """Where the central system is, and how it is made sure of."""

    def __init__(self, profile: StationProfile) -> None:
        super().__init__()
        form, there = _form(), profile.connection
        built_in = _("empty: the built-in central system")
        self.url = _text(form, _("&Address"), there.url, hint=built_in)
        self.security = QComboBox()
        for level, text in enumerate(
            (_("0 – none"), _("1 – password"), _("2 – TLS, password"), _("3 – TLS, client certificate"))
        ):
            self.security.addItem(text, level)
        self.security.setCurrentIndex(there.security_profile)
        self.security.setAccessibleName(_("Security profile"))
        form.addRow(_("&Security profile"), self.security)
        key = there.authorization_key
        self._reference = key if isinstance(key, SecretReference) else None
        shown = key if isinstance(key, str) else ""
        kept = "" if self._reference is None else (self._reference.env or self._reference.file)
        self.key = _text(
            form, _("&Password"), shown, hint=_("kept in {place}").format(place=kept) if kept else ""
        )
        self.key.setEchoMode(QLineEdit.EchoMode.PasswordEchoOnEdit)
        self.ca = _text(form, _("&Root certificates"), there.ca_file, hint=_("PEM file; empty: the system's"))
        self.certificate = _text(
            form, _("&Client certificate"), there.client_certificate_file, hint=_("PEM file")
        )
        self.private = _text(form, _("Its private &key"), there.client_key_file, hint=_("PEM file"))
        self.verify = _check(form, _("Check the &host name of the certificate"), there.verify_host_name)
        self.tolerant = _check(form, _("Go on without a sub-&protocol"), there.tolerate_missing_subprotocol)
        self.at_start = _check(form, _("Connect at sta&rt"), there.connect_at_start)
        self.setLayout(form)

    def into(self, profile: StationProfile) -> StationProfile:
        """The profile with what stands here."""
        connection = replace(
            profile.connection,
            url=self.url.text().strip(),
            security_profile=self.security.currentData(),
            authorization_key=self.key.text() or self._reference,
            ca_file=self.ca.text().strip(),
            client_certificate_file=self.certificate.text().strip(),
            client_key_file=self.private.text().strip(),
            verify_host_name=self.verify.isChecked(),
            tolerate_missing_subprotocol=self.tolerant.isChecked(),
            connect_at_start=self.at_start.isChecked(),
        )
        return replace(profile, connection=connection)


class ConnectorsPage(QWidget):
    """The connectors: a list, and what the chosen one is."""

    def __init__(self, profile: StationProfile) -> None:
        super().__init__()
        self._connectors = list(profile.connectors)
        self._shown = -1
        self.list = QListWidget()
        self.list.setAccessibleName(_("Connectors"))
        self.list.setFixedWidth(150)
        add = tool(_("One more connector, like the last"), "plus", self.add)
        self._less = tool(_("Remove the last connector"), "minus", self.remove)
        self.current = QComboBox()
        self.current.addItems(["AC", "DC"])
        self.phases = _whole(1, 3)
        self.amperes = _number(1, 1000, " A")
        self.cable = _number(1, 1000, " A")
        self.fixed = QCheckBox(_("The cable is &fixed to the station"))
        self.vehicle = QComboBox()
        self.vehicle.addItems(
            list(dict.fromkeys([*(car.name for car in profile.vehicles), *vehicle_library()]))
        )
        self.slider = _number(0, 1000, " A")
        self._lay_out(add)
        self.list.currentRowChanged.connect(self._choose)
        self._list_all(0)

    def _lay_out(self, add: QWidget) -> None:
        form = _form()
        for label, field in (
            (_("&Kind"), self.current),
            (_("&Phases"), self.phases),
            (_("Rated c&urrent per phase"), self.amperes),
            (_("Ca&ble current"), self.cable),
            (_("&Car that comes"), self.vehicle),
            (_("Slider at s&tart"), self.slider),
        ):
            field.setAccessibleName(label.replace("&", ""))
            form.addRow(label, field)
        form.addRow("", self.fixed)
        left = fill(vertical(gap=6), self.list, fill(horizontal(gap=4), add, self._less, 1))
        row = QHBoxLayout()
        row.setContentsMargins(14, 14, 0, 14)
        self.setLayout(fill(row, left, form))
        row.setStretch(1, 1)

    def add(self) -> None:
        """One more."""
        self._keep()
        if len(self._connectors) < MOST_CONNECTORS:
            self._connectors.append(self._connectors[-1])
            self._list_all(len(self._connectors) - 1)

    def remove(self) -> None:
        """One less."""
        self._keep()
        if len(self._connectors) > 1:
            self._connectors.pop()
            self._list_all(min(self._shown, len(self._connectors) - 1))

    def _list_all(self, chosen: int) -> None:
        self._shown = -1
        self.list.clear()
        for number, each in enumerate(self._connectors, 1):
            item = QListWidgetItem(f"{number}   {each.current} {each.phases}×{each.max_amperes:g} A")
            item.setSizeHint(QSize(0, self.list.fontMetrics().height() + 12))
            self.list.addItem(item)
        self._less.setEnabled(len(self._connectors) > 1)
        self.list.setCurrentRow(chosen)

    def _choose(self, row: int) -> None:
        self._keep()
        self._shown = row
        if row < 0:
            return
        one = self._connectors[row]
        self.current.setCurrentText(one.current)
        self.phases.setValue(one.phases)
        self.amperes.setValue(one.max_amperes)
        self.cable.setValue(one.cable_amperes)
        self.fixed.setChecked(one.fixed_cable)
        self.vehicle.setCurrentText(one.vehicle)
        self.slider.setValue(one.slider_amperes)

    def _keep(self) -> None:
        """Take what stands in the fields over into the connector they belong to."""
        if not 0 <= self._shown < len(self._connectors):
            return
        self._connectors[self._shown] = replace(
            self._connectors[self._shown],
            current="DC" if self.current.currentText() == "DC" else "AC",
            phases=self.phases.value(),
            max_amperes=self.amperes.value(),
            cable_amperes=self.cable.value(),
            fixed_cable=self.fixed.isChecked(),
            vehicle=self.vehicle.currentText(),
            slider_amperes=self.slider.value(),
        )

    def into(self, profile: StationProfile) -> StationProfile:
        """The profile with these connectors."""
        self._keep()
        return replace(profile, connectors=tuple(self._connectors))


class TagsPage(QWidget):
    """The tags people hold to the reader."""

    def __init__(self, profile: StationProfile) -> None:
        super().__init__()
        self.text = QPlainTextEdit("\n".join(profile.tags))
        self.text.setFont(fixed_font())
        self.text.setAccessibleName(_("Tags, one a line"))
        hint = caption(
            _("One a line, up to 20 characters; the first one is taken unless another is named."), wrap=True
        )
        self.setLayout(fill(vertical(margin=14), hint, self.text))

    def into(self, profile: StationProfile) -> StationProfile:
        """The profile with these tags."""
        tags = [line.strip() for line in self.text.toPlainText().splitlines()]
        return replace(profile, tags=tuple(tag for tag in tags if tag))


class ConfigurationPage(QWidget):
    """Configuration keys for the first start, and what the meter shows wrong."""

    def __init__(self, profile: StationProfile) -> None:
        super().__init__()
        lines = (f"{key} = {value}" for key, value in profile.configuration.items())
        self.text = QPlainTextEdit("\n".join(lines))
        self.text.setFont(fixed_font())
        self.text.setAccessibleName(_("Configuration, one key a line"))
        self.noise = _number(0, 50, " %")
        self.noise.setValue(profile.meter.current_noise)
        self.noise.setAccessibleName(_("Noise on the displayed current"))
        self.volts = _number(1, 1000, " V")
        self.volts.setValue(profile.supply.volts)
        self.volts.setAccessibleName(_("Voltage of the mains"))
        form = _form()
        form.setContentsMargins(0, 6, 0, 0)
        form.addRow(_("Mains &voltage"), self.volts)
        form.addRow(_("&Noise on the displayed current"), self.noise)
        hint = caption(
            _("Key = value, one a line. They hold at the first start; what was set since wins."), wrap=True
        )
        self.setLayout(fill(vertical(margin=14), hint, self.text, form))

    def into(self, profile: StationProfile) -> StationProfile:
        """The profile with these keys. Raises ValueError for a line without a value."""
        keys: dict[str, str] = {}
        for line in self.text.toPlainText().splitlines():
            key, sign, value = line.partition("=")
            if line.strip() and (not sign or not key.strip()):
                raise ValueError(_("“{line}” is no key with a value; write Key = value.").format(line=line))
            if key.strip():
                keys[key.strip()] = value.strip()
        meter = replace(profile.meter, current_noise=self.noise.value())
        supply = replace(profile.supply, volts=self.volts.value())
        return replace(profile, configuration=keys, meter=meter, supply=supply)


def _check(form: QFormLayout, text: str, value: bool) -> QCheckBox:
    box = QCheckBox(text)
    box.setChecked(value)
    form.addRow("", box)
    return box


def _whole(least: int, most: int) -> QSpinBox:
    field = QSpinBox()
    field.setRange(least, most)
    return field


def _number(least: float, most: float, unit: str) -> QDoubleSpinBox:
    field = QDoubleSpinBox()
    field.setRange(least, most)
    field.setDecimals(1)
    field.setSuffix(unit)
    return field
