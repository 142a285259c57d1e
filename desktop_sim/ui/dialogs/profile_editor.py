"""The settings of a station: what its profile says, page by page."""

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QLabel, QTabWidget, QWidget

from desktop_sim.app.options import OptionProblem, check_identity, check_url
from desktop_sim.station.profile import StationProfile
from desktop_sim.storage.profile_text import contradictions
from desktop_sim.storage.vehicles import vehicle_library
from desktop_sim.ui.dialogs.profile_pages import (
    ConfigurationPage,
    ConnectionPage,
    ConnectorsPage,
    IdentityPage,
    TagsPage,
)
from desktop_sim.ui.kit import caption, fill, horizontal, push, vertical
from desktop_sim.ui.texts import _


class ProfileEditor(QDialog):
    """Edits a copy; `chosen` brings the new profile when it is sound."""

    chosen = Signal(object)

    def __init__(self, profile: StationProfile, parent: QWidget | None = None, *, new: bool = False) -> None:
        super().__init__(parent)
        self._profile = profile
        self.setWindowTitle(_("New station") if new else _("Station settings"))
        self.identity = IdentityPage(profile)
        self.connection = ConnectionPage(profile)
        self.connectors = ConnectorsPage(profile)
        self.tags = TagsPage(profile)
        self.configuration = ConfigurationPage(profile)
        self.tabs = QTabWidget()
        self._pages = (self.identity, self.connection, self.connectors, self.tags, self.configuration)
        titles = (_("&Station"), _("C&onnection"), _("Co&nnectors"), _("Ta&gs"), _("Configurat&ion"))
        for page, title in zip(self._pages, titles, strict=True):
            self.tabs.addTab(page, title)
        self._problem = QLabel()
        self._problem.setProperty("bad", True)
        self._problem.setWordWrap(True)
        self._problem.hide()
        act = _("Start the &station") if new else _("&Apply and restart")
        self.apply = push(act, self._apply, primary=True)
        self.apply.setDefault(True)
        cancel = push(_("&Cancel"), self.reject)
        hint = "" if new else _("The station ends its transactions and starts again with these settings.")
        row = fill(horizontal(), caption(hint, wrap=True), cancel, self.apply)
        row.setStretch(0, 1)
        foot = fill(vertical(margin=14), self._problem, row)
        self.setLayout(fill(vertical(gap=0), self.tabs, foot))
        self.resize(620, 470)

    def profile(self) -> StationProfile:
        """What stands in the pages. Raises ValueError with a sentence."""
        profile = self._profile
        try:
            for page in self._pages:
                profile = page.into(profile)
            check_identity(profile.identity.charge_point_id)
            if profile.connection.url:
                check_url(profile.connection.url)
            profile = msgspec.convert(msgspec.to_builtins(profile), StationProfile)
        except (OptionProblem, msgspec.ValidationError) as problem:
            raise ValueError(str(problem)) from None
        faults = list(contradictions(profile, vehicle_library()))
        if faults:
            raise ValueError(" ".join(faults))
        return profile

    def _apply(self) -> None:
        try:
            profile = self.profile()
        except ValueError as problem:
            self._problem.setText(str(problem))
            self._problem.show()
            return
        self.accept()
        self.chosen.emit(profile)
