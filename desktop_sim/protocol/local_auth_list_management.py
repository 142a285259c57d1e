"""Messages of the LocalAuthListManagement profile (conformance A.11)."""

from __future__ import annotations

from msgspec import UNSET, UnsetType

from desktop_sim.protocol.types import (
    IdTagInfo,
    IdToken,
    Integer,
    Request,
    Response,
    UpdateStatus,
    UpdateType,
    WireObject,
)


class AuthorizationData(WireObject):
    """One entry of the list; without `id_tag_info` a Differential update deletes it (LAL-3)."""

    id_tag: IdToken
    id_tag_info: IdTagInfo | UnsetType = UNSET


class GetLocalListVersionRequest(Request):
    """Which version of the list does the station have?"""


class GetLocalListVersionResponse(Response):
    """Version; 0 is an empty list, -1 means there are none (LAL-1)."""

    list_version: Integer


class SendLocalListRequest(Request):
    """Replace or change the list (LAL-2, LAL-3)."""

    list_version: Integer
    update_type: UpdateType
    local_authorization_list: tuple[AuthorizationData, ...] | UnsetType = UNSET


class SendLocalListResponse(Response):
    """Whether the list was taken."""

    status: UpdateStatus
