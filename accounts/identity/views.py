"""The answers of allauth that we change: verification by link, reset without a hint, a new pair after a change."""

import json
from typing import Any, cast

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.email_verification_by_code import EMAIL_VERIFICATION_CODE_SESSION_KEY
from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.account.models import EmailConfirmationHMAC
from allauth.account.stages import EmailVerificationStage, LoginStageController
from allauth.headless.account.inputs import ResetPasswordKeyInput, VerifyEmailInput
from allauth.headless.account.views import ChangePasswordView, ResetPasswordView, VerifyEmailView
from allauth.headless.internal.restkit.response import ErrorResponse
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from accounts.models import User

LINK_MARK = ":"  # signed keys hold it, codes never do


class LinkInput(VerifyEmailInput):  # type: ignore[misc]  # allauth ships no types
    """The key of a mailed link; `verification` is what it stands for."""

    def clean_key(self) -> str:
        key: str = self.cleaned_data["key"]
        link = EmailConfirmationHMAC.from_key(key)
        if link is None:
            raise get_adapter().validation_error("invalid_or_expired_key")
        if not link.email_address.can_set_verified():
            raise get_adapter().validation_error("email_taken")
        self.verification = link
        return key


class VerifyEmail(VerifyEmailView):  # type: ignore[misc]  # allauth ships no types
    """By code, in the sign-in that asked for it, or by the key of the mailed link, from anywhere.

    allauth takes either codes or links. A link only verifies; it signs in nobody who was not signing in here.
    """

    def handle(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if LINK_MARK not in _key(request):
            return cast("HttpResponseBase", super().handle(request, *args, **kwargs))
        self.stage = LoginStageController.enter(request, EmailVerificationStage.key)
        self.process = None
        self.input_class = LinkInput
        # Past allauth's own check, which insists on a code under way.
        return cast("HttpResponseBase", super(VerifyEmailView, self).handle(request, *args, **kwargs))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.process is None:
            request.session.pop(EMAIL_VERIFICATION_CODE_SESSION_KEY, None)
        return cast("HttpResponse", super().post(request, *args, **kwargs))


def _key(request: HttpRequest) -> str:
    if request.method == "GET":
        return request.headers.get("X-Email-Verification-Key", "")
    try:
        body = json.loads(request.body)
    except ValueError:
        return ""
    return str(body.get("key", "")) if isinstance(body, dict) else ""


class ResetPassword(ResetPasswordView):  # type: ignore[misc]  # allauth ships no types
    """By code; what is wrong with a new password is said for unknown addresses as well, and tries are counted."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.process.user is not None:
            return cast("HttpResponse", super().get(request, *args, **kwargs))
        never = ResetPasswordKeyInput({"key": request.headers.get("X-Password-Reset-Key", "")}, code="")
        never.is_valid()
        self.process.record_invalid_attempt()
        return cast("HttpResponse", ErrorResponse(request, input=never))

    def get_input_kwargs(self) -> dict[str, Any]:
        person = self.process.user or User(email=self.process.state["email"])
        return {**super().get_input_kwargs(), "user": person}


class ChangePassword(ChangePasswordView):  # type: ignore[misc]  # allauth ships no types
    """The change revokes every token; the phone that made it gets new ones with the answer."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if isinstance(request.user, User) and not request.user.has_usable_password():
            raise_if_reauthentication_required(request, app="allauth.account")
        # allauth hands out tokens to those who were nobody before the request.
        request.allauth.headless._pre_user = AnonymousUser()  # type: ignore[attr-defined]  # noqa: SLF001
        return cast("HttpResponse", super().post(request, *args, **kwargs))
