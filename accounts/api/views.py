"""The accounts API: one's own profile and consents."""

import zlib
from typing import Any

import orjson
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.serializers import (
    ConsentIn,
    ConsentOut,
    ConsentsOut,
    ProfileIn,
    ProfileOut,
    WithdrawalIn,
    profile_changes,
)
from accounts.policies import can_use_own_account
from accounts.selectors import consent_state, consent_states, own_profile
from accounts.services import grant_consent, update_profile, withdraw_consent
from timetravelers.kit.api.conditional import etag, expected_version, is_unchanged
from timetravelers.kit.api.idempotency import idempotent
from timetravelers.kit.api.views import ApiView

# The address is changed elsewhere, years pass, and the taxonomy renames and retires.
UNEDITED = ("email", "years_experience", "target_occupation", "skills")


class MeView(ApiView):
    """One's own profile."""

    policy = can_use_own_account
    throttle_scope = {"GET": "read", "PATCH": "write"}

    @extend_schema(operation_id="me_read", responses=ProfileOut)
    def get(self, request: Request) -> Response:
        profile = own_profile(self.actor.pk)
        tag = _tag(profile)
        if is_unchanged(request, tag):
            return Response(status=304, headers={"ETag": tag})
        return _answer(profile)

    @extend_schema(operation_id="me_update", request=ProfileIn, responses=ProfileOut)
    def patch(self, request: Request) -> Response:
        changes = profile_changes(self.parse(ProfileIn, request))
        update_profile(user=self.actor, changes=changes, expected_version=expected_version(request))
        return _answer(own_profile(self.actor.pk))


def _answer(profile: dict[str, Any]) -> Response:
    return Response(profile, headers={"ETag": _tag(profile)})


def _tag(profile: dict[str, Any]) -> str:
    """The version, and a sum over what changes without an edit of the profile."""
    unedited = zlib.crc32(orjson.dumps([profile[name] for name in UNEDITED]))
    return etag(f"{profile['version']}-{unedited:08x}")


class ConsentsView(ApiView):
    """What we ask for, and what the person has answered."""

    policy = can_use_own_account
    throttle_scope = {"GET": "read", "POST": "write"}

    @extend_schema(operation_id="consents_list", responses=ConsentsOut)
    def get(self, request: Request) -> Response:
        return Response({"results": consent_states(self.actor)})

    @extend_schema(operation_id="consents_grant", request=ConsentIn, responses={201: ConsentOut})
    @idempotent
    def post(self, request: Request) -> Response:
        consent = self.parse(ConsentIn, request)
        grant_consent(user=self.actor, **consent)
        return Response(consent_state(self.actor, consent["purpose"]), status=201)


class ConsentWithdrawalView(ApiView):
    """Taking a consent back, at any time and without a reason."""

    policy = can_use_own_account
    throttle_scope = "write"

    @extend_schema(operation_id="consents_withdraw", request=WithdrawalIn, responses=ConsentOut)
    def post(self, request: Request, purpose: str) -> Response:
        withdraw_consent(user=self.actor, purpose=purpose, **self.parse(WithdrawalIn, request))
        return Response(consent_state(self.actor, purpose))
