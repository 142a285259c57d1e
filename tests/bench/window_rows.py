"""How many frames a second the traffic list takes in and paints, in a process of its own; prints two rates.

The second is the floor: as many rows appended to a plain list of Qt's, painted as often.
"""

import sys
import time
from collections.abc import Callable

from PySide6.QtCore import QStringListModel
from PySide6.QtWidgets import QApplication, QListView

from desktop_sim.station.events import FrameEvent
from desktop_sim.ui.application import make_application
from desktop_sim.ui.docks.traffic import TrafficDock
from desktop_sim.ui.gallery import world
from desktop_sim.ui.theme import Scheme, Theme
from tests.bench.codec import CALLS

PICTURES, A_PICTURE = 60, 300
TEXT = f'[2,"0f9f2c1e","MeterValues",{CALLS["MeterValues × 12"][1]}]'.replace("'", '"')


def rate(app: QApplication, add: Callable[[int], None]) -> float:
    """Rows a CPU second, a picture after each lot."""
    began = time.process_time()
    for number in range(PICTURES):
        add(number * A_PICTURE)
        app.processEvents()
    return PICTURES * A_PICTURE / (time.process_time() - began)


def main() -> None:
    app = make_application()
    theme = Theme(app, Scheme.LIGHT)
    made = world()
    dock = TrafficDock(made.session)
    dock.resize(1200, 500)
    dock.show()
    app.processEvents()

    def add(first: int) -> None:
        for number in range(first, first + A_PICTURE):
            made.session.hear(
                FrameEvent(
                    seq=number,
                    time=1_748_847_600_000_000 + number,
                    direction="out",
                    type="call",
                    action="MeterValues",
                    message_id=f"m{number}",
                    text=TEXT,
                )
            )
        made.session.refresh()
        dock.list.viewport().repaint()

    ours = rate(app, add)
    model, plain = QStringListModel(), QListView()
    plain.setModel(model)
    plain.resize(1200, 500)
    plain.setUniformItemSizes(True)
    plain.show()

    def add_plain(first: int) -> None:
        rows = model.rowCount()
        model.insertRows(rows, A_PICTURE)
        for number in range(rows, rows + A_PICTURE):
            model.setData(model.index(number), TEXT)
        plain.scrollToBottom()
        plain.viewport().repaint()

    print(ours, rate(app, add_plain), flush=True)
    made.session.detach()
    del theme


if __name__ == "__main__":
    main()
    sys.stdout.flush()
