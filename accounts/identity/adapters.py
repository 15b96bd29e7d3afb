"""What the house decides differently from allauth, through the hooks allauth offers for it."""

import base64
import hashlib
import time
from dataclasses import dataclass
from functools import cache
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.core import context
from allauth.core.exceptions import ReauthenticationRequired
from allauth.headless.adapter import DefaultHeadlessAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.http import HttpRequest
from django.utils.crypto import get_random_string

from accounts.models import User
from accounts.services.revocation import revoke_tokens
from timetravelers.kit.addresses import client_address


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Mails with a code and a link; the same work for known and unknown addresses."""

    def send_confirmation_mail(self, request: HttpRequest, emailconfirmation: Any, signup: bool) -> None:  # noqa: FBT001 - allauth's signature
        """Send the code and, for an address that is on file, a link that works without this phone's session."""
        address = emailconfirmation.email_address
        facts = {"user": address.user, "code": emailconfirmation.key}
        if address.pk:
            link = EmailConfirmationHMAC(address)
            facts["link"] = self.get_email_confirmation_url(request, link)
        template = "email_confirmation_signup" if signup else "email_confirmation"
        self.send_mail(f"account/email/{template}", address.email, facts)

    def send_account_already_exists_mail(self, email: str) -> None:
        """Tell the owner, after as much hashing as a sign-up that succeeds does: time must not tell."""
        make_password(get_random_string(16))
        super().send_account_already_exists_mail(email)

    def get_client_ip(self, request: HttpRequest) -> str:
        """Whom allauth's own limits count; X-Forwarded-For of a wrong length is no reason to fail."""
        return client_address(request)

    @transaction.atomic
    def set_password(self, user: User, password: str) -> None:
        """However a password changes, it takes every token and sign-in with it, or does not change."""
        super().set_password(user, password)
        revoke_tokens(user, "password_changed")

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """True, as set. Who has nothing to reauthenticate with has to have signed in within the same time.

        Raises ReauthenticationRequired for them: allauth itself lets them pass unasked.
        """
        request = context.request
        if not get_reauthentication_flows(request.user) and not _signed_in_just_now(request):
            raise ReauthenticationRequired
        return bool(super().is_reauthentication_required(app=app, **kwargs))


def _signed_in_just_now(request: HttpRequest) -> bool:
    records = get_authentication_records(request, request.user)
    return bool(records) and time.time() - records[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT


class SocialAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Which social sign-ins may enter an account that is there already."""

    def authenticate_by_email(self, sociallogin: SocialLogin) -> tuple[User, str] | None:
        """The account whose verified address the provider vouches for.

        None when the provider does not run the mailbox, and for an account that has never shown the address to
        be its own: whoever made it may be waiting for the owner to come in.
        """
        if not sociallogin.account.extra_data.get("authoritative"):
            return None
        found: tuple[User, str] | None = super().authenticate_by_email(sociallogin)
        if found is None:
            return None
        user, address = found
        own = EmailAddress.objects.filter(user=user, email__iexact=address, verified=True)
        return found if own.exists() else None


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth ships no types
    """Secrets are sealed before they are stored; passkeys belong to our domain, whatever host was asked."""

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text).decode()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": settings.PASSKEY_DOMAIN, "name": settings.SITE_NAME}


@cache
def _cipher() -> Fernet:
    digest = hashlib.sha256(b"timetravelers second factor" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))


@dataclass(frozen=True)  # allauth's OpenAPI reads it; `asdict` feeds its answers
class ShownUser:
    """A person as their own phone sees them while signing in; `id` is the one that the rest of the API uses."""

    id: str | None
    display: str
    email: str | None
    has_usable_password: bool


class HeadlessAdapter(DefaultHeadlessAdapter):  # type: ignore[misc]  # allauth ships no types
    """How a person is shown to their own phone."""

    def get_user_dataclass(self) -> type[ShownUser]:
        return ShownUser

    def user_as_dataclass(self, user: User) -> ShownUser:
        """As they are; a person who is not stored yet has neither id nor address of record."""
        email = EmailAddress.objects.get_primary_email(user) if user.pk else None
        return ShownUser(
            id=str(user.uid) if user.pk else None,
            display=user.email,
            email=email,
            has_usable_password=user.has_usable_password(),
        )
