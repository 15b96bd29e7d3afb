"""The accounts API: where one is signed in, and the keys by which others can tell our tokens."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.sign_in_shapes import KeySetOut, SignInOut, SignInsEndedOut
from accounts.authentication import claims_of
from accounts.policies import can_use_own_account
from accounts.selectors import sign_ins_of
from accounts.services import end_other_sign_ins, end_sign_in
from accounts.signing import key_ring
from timetravelers.kit.api.pagination import NewestFirst, paginated
from timetravelers.kit.api.permissions import is_anyone
from timetravelers.kit.api.views import ApiView
from timetravelers.kit.errors import NotFound

KEYS_KEPT_SECONDS = 300


class SignInsView(ApiView):
    """The devices one is signed in on, the newest sign-in first."""

    policy = can_use_own_account
    throttle_scope = "read"

    @extend_schema(operation_id="sign_ins_list", responses=paginated(SignInOut))
    def get(self, request: Request) -> Response:
        rows = sign_ins_of(self.actor, current=claims_of(request).sign_in)
        return NewestFirst().page_response(rows, request, SignInOut)


class SignInView(ApiView):
    """One device; signing out here is signing out there."""

    policy = can_use_own_account
    throttle_scope = "write"

    @extend_schema(operation_id="sign_ins_end", responses={204: None})
    def delete(self, request: Request, uid: UUID) -> Response:
        end_sign_in(user=self.actor, sign_in=uid)
        return Response(status=204)


class OtherSignInsView(ApiView):
    """Every device but this one."""

    policy = can_use_own_account
    throttle_scope = "write"

    @extend_schema(operation_id="sign_ins_end_others", request=None, responses=SignInsEndedOut)
    def post(self, request: Request) -> Response:
        ended = end_other_sign_ins(user=self.actor, sign_in=claims_of(request).sign_in)
        return Response({"ended": ended})


class KeySetView(ApiView):
    """The public keys of our tokens (RFC 7517); not there while tokens are signed with a shared secret."""

    policy = is_anyone
    throttle_scope = "open"

    @extend_schema(operation_id="key_set", responses=KeySetOut, auth=[])
    def get(self, request: Request) -> Response:
        keys = key_ring().public_set()
        if not keys:
            raise NotFound
        return Response({"keys": keys}, headers={"Cache-Control": f"public, max-age={KEYS_KEPT_SECONDS}"})
