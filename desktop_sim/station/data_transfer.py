"""DataTransfer from the central system, answered from the profile's table (CORE-DT)."""

from collections.abc import Sequence

from msgspec import UNSET

from desktop_sim.protocol.core import DataTransferRequest, DataTransferResponse
from desktop_sim.protocol.types import DataTransferStatus
from desktop_sim.station.profile import DataTransferRule


def answer(rules: Sequence[DataTransferRule], request: DataTransferRequest) -> DataTransferResponse:
    """An unknown vendor, an unknown message, or what the table says (CORE-DT-1, CORE-DT-4, CORE-DT-5).

    A rule without a message id is for every message of its vendor that has no rule of its own.
    """
    vendor = [rule for rule in rules if rule.vendor_id.casefold() == request.vendor_id.casefold()]
    if not vendor:
        return DataTransferResponse(status=DataTransferStatus.UnknownVendorId)
    message_id = None if request.message_id is UNSET else request.message_id.casefold()
    named = [
        rule for rule in vendor if rule.message_id is not None and rule.message_id.casefold() == message_id
    ]
    rule = next(iter([*named, *(rule for rule in vendor if rule.message_id is None)]), None)
    if rule is None:
        return DataTransferResponse(status=DataTransferStatus.UnknownMessageId)
    return DataTransferResponse(
        status=DataTransferStatus(rule.status), data=UNSET if rule.data is None else rule.data
    )
