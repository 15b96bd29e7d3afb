"""Google and Apple as native apps use them: the phone brings an ID token, and no browser is involved."""

from typing import Any

import structlog
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.apple.provider import AppleProvider
from allauth.socialaccount.providers.google.provider import GoogleProvider
from django.conf import settings
from django.http import HttpRequest

from accounts.identity.idtokens import InvalidIdToken, Issuer, read_id_token

log = structlog.get_logger(__name__)

GOOGLE_MAIL = ("@gmail.com", "@googlemail.com")


class Google(GoogleProvider):  # type: ignore[misc]  # allauth ships no types
    """Sign in with Google by ID token."""

    def verify_token(self, request: HttpRequest, token: dict[str, Any]) -> SocialLogin:
        """The sign-in that the token proves; raises ValidationError."""
        claims = _proven(self, token)
        address = _address(claims)
        owns = address.endswith(GOOGLE_MAIL) or bool(claims.get("hd"))
        return self.sociallogin_from_response(request, _facts(claims, speaks_for_address=owns))


class Apple(AppleProvider):  # type: ignore[misc]  # allauth ships no types
    """Sign in with Apple by ID token."""

    def verify_token(self, request: HttpRequest, token: dict[str, Any]) -> SocialLogin:
        """The sign-in that the token proves; raises ValidationError."""
        return self.sociallogin_from_response(request, _facts(_proven(self, token), speaks_for_address=True))


def _proven(provider: Any, token: dict[str, Any]) -> dict[str, Any]:
    known = settings.SOCIAL_ISSUERS[provider.id]
    try:
        return read_id_token(
            token.get("id_token"),
            issuer=Issuer(tuple(known["names"]), str(known["keys_url"])),
            audience=provider.app.client_id,
            nonce=token.get("nonce"),
        )
    except InvalidIdToken as exc:
        log.info("social_sign_in_refused", provider=provider.id, reason=str(exc))
        raise get_adapter().validation_error("invalid_token") from exc


def _facts(claims: dict[str, Any], *, speaks_for_address: bool) -> dict[str, Any]:
    """What is kept of a token: no names, no pictures.

    `authoritative` says that the provider runs or watches over the mailbox; that an address was once verified
    by a provider that does not may be long out of date.
    """
    verified = str(claims.get("email_verified")).lower() == "true"  # Apple has sent it as text
    address = _address(claims)
    return {
        "sub": claims["sub"],
        "email": address,
        "email_verified": verified and bool(address),
        "authoritative": verified and speaks_for_address,
    }


def _address(claims: dict[str, Any]) -> str:
    address = claims.get("email")
    return address.lower() if isinstance(address, str) else ""
