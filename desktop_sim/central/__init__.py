"""The built-in central system: an engine without Qt that only knows the wire."""

from desktop_sim.central.difficulty import AnswerRule
from desktop_sim.central.engine import CentralSystem
from desktop_sim.central.events import AnyCentralEvent, CentralEvent
from desktop_sim.central.peer import CentralPeer
from desktop_sim.central.policy import Policy, Registration
from desktop_sim.central.refusals import CallRefused
from desktop_sim.central.server import CentralServer
from desktop_sim.central.state import CentralState, decode_state, encode_state, restore, snapshot
from desktop_sim.central.tags import Tag
from desktop_sim.central.templates import DESCRIPTIONS, template, template_text

__all__ = [
    "DESCRIPTIONS",
    "AnswerRule",
    "AnyCentralEvent",
    "CallRefused",
    "CentralEvent",
    "CentralPeer",
    "CentralServer",
    "CentralState",
    "CentralSystem",
    "Policy",
    "Registration",
    "Tag",
    "decode_state",
    "encode_state",
    "restore",
    "snapshot",
    "template",
    "template_text",
]
