"""Hypothesis strategies for messages, derived from the message types and their constraints."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import Any

from hypothesis import strategies as st
from msgspec import UNSET, inspect

from desktop_sim.protocol import format_time
from desktop_sim.protocol.core import SampledValue
from desktop_sim.protocol.firmware_management import GetDiagnosticsRequest, UpdateFirmwareRequest
from desktop_sim.protocol.remote_trigger import TriggerMessageRequest
from desktop_sim.protocol.security import ExtendedTriggerMessageRequest
from desktop_sim.protocol.types import ExtendedMessageTrigger, MessageTrigger, UnitOfMeasure, WireObject

_YEAR_1900, _YEAR_2200 = -2_208_988_800, 7_258_118_400

TIMES = st.integers(_YEAR_1900 * 10**6, _YEAR_2200 * 10**6).map(format_time)
URLS = st.sampled_from(["ftp://example.com/a", "https://example.com/a%20b?c=d"])
TEXT = st.characters(codec="utf-8")

NARROWER: dict[tuple[type, str], st.SearchStrategy[Any]] = {
    (GetDiagnosticsRequest, "location"): URLS,
    (UpdateFirmwareRequest, "location"): URLS,
    (TriggerMessageRequest, "requested_message"): st.sampled_from(MessageTrigger),
    (ExtendedTriggerMessageRequest, "requested_message"): st.sampled_from(ExtendedMessageTrigger),
    (SampledValue, "unit"): st.sampled_from(
        [unit for unit in UnitOfMeasure if unit is not UnitOfMeasure.Hertz]
    ),
}
"""Fields in which we accept more than the foreign schemas, see the table of differences."""


@cache
def messages(type_: type[WireObject]) -> st.SearchStrategy[WireObject]:
    """Any message of a type that its foreign schema accepts too."""
    strategy: st.SearchStrategy[WireObject] = _of(inspect.type_info(type_))
    return strategy


def _of(shape: inspect.Type) -> st.SearchStrategy[Any]:
    match shape:
        case inspect.Metadata(type=inner):
            return _of(inner)
        case inspect.StructType(cls=cls, fields=fields):
            return st.builds(cls, **{field.name: _field(cls, field) for field in fields})
        case inspect.VarTupleType(item_type=inner, min_length=at_least):
            return st.lists(_of(inner), min_size=at_least or 0, max_size=3).map(tuple)
        case inspect.EnumType(cls=cls):
            return st.sampled_from(list(cls))
        case inspect.StrType(pattern=None, max_length=at_most):
            return st.text(TEXT, max_size=at_most)
        case inspect.StrType():
            return TIMES
        case inspect.IntType(ge=at_least, le=at_most):
            return st.integers(at_least, at_most)
        case inspect.DecimalType():
            return st.integers(0, 10**7).map(lambda tenths: Decimal(tenths) / 10)
        case inspect.BoolType():
            return st.booleans()
    raise AssertionError(shape)


def _field(cls: type, field: inspect.Field) -> st.SearchStrategy[Any]:
    place = (cls, field.name)
    strategy = NARROWER[place] if place in NARROWER else _of(field.type)
    return strategy if field.required else st.just(UNSET) | strategy
