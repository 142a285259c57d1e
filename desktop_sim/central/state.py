"""What outlives a central system: tags, transactions and what it knows of charge points, as one plain document."""

import msgspec

from desktop_sim.central.charge_points import ChargePoint
from desktop_sim.central.engine import CentralSystem
from desktop_sim.central.policy import Policy
from desktop_sim.central.tags import Tag, TagList
from desktop_sim.central.transactions import Transaction

VERSION = 1


class CentralState(msgspec.Struct, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """The document. The host decides where it is kept and when."""

    version: int = VERSION
    tags: list[Tag] = []
    transactions: list[Transaction] = []
    next_transaction_id: int = 1
    charge_points: list[ChargePoint] = []


class StateProblem(Exception):
    """A document is no state of a central system; `sentence` says where it goes wrong."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def snapshot(central: CentralSystem) -> CentralState:
    """The present state. It shares its values with the engine: encode it before the next input."""
    return CentralState(
        tags=central.tags.all(),
        transactions=central.transactions.all(),
        next_transaction_id=central.transactions.next_id,
        charge_points=list(central.charge_points.values()),
    )


def restore(state: CentralState, *, seed: int = 0, policy: Policy | None = None) -> CentralSystem:
    """A central system that goes on from there; nobody is connected yet."""
    central = CentralSystem(state.tags, seed=seed, policy=policy)
    central.transactions.enter(state.transactions, state.next_transaction_id)
    for point in state.charge_points:
        point.connected = False
        central.charge_points[point.identity] = point
    return central


def encode_state(state: CentralState) -> bytes:
    """The document as JSON."""
    return msgspec.json.format(msgspec.json.encode(state), indent=1)


def decode_state(document: bytes) -> CentralState:
    """The state in a document. Raises StateProblem."""
    try:
        state = msgspec.json.decode(document, type=CentralState)
        TagList(state.tags)
    except (msgspec.MsgspecError, ValueError) as error:
        raise StateProblem(f"this is no state of a central system: {error}") from error
    if state.version > VERSION:
        raise StateProblem(f"version {state.version} of this document is from a newer program")
    return state
