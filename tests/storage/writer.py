"""A process that commits number after number and says each one once it was promised; it waits to be killed."""

import sys
from pathlib import Path

from desktop_sim.station.records import Record
from desktop_sim.storage.session_store import SessionStore


def main() -> None:
    store = SessionStore.open(Path(sys.argv[1]))
    number = int(sys.argv[2])
    print("open", flush=True)
    while True:
        number += 1
        text = str(number).encode()
        records = [
            Record("number", "last", text),
            Record("number", "same", text),
            Record("all", str(number), text),
        ]
        store.commit("CP001", records).result()
        print(number, flush=True)


if __name__ == "__main__":
    main()
