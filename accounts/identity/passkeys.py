"""Passkeys of phones: which origins may use them, apps included."""

import struct
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn.internal import auth
from django.conf import settings
from fido2.server import Fido2Server
from fido2.webauthn import PublicKeyCredentialRpEntity

UNREADABLE = (AttributeError, IndexError, KeyError, TypeError, ValueError, struct.error)


def is_known_origin(origin: str) -> bool:
    """Our own address, or an app's: Android apps name the hash of their signing key instead of a host."""
    return origin in settings.PASSKEY_ORIGINS


def passkey_server() -> Fido2Server:
    """The relying party, which accepts the origins the settings name and no other."""
    party = PublicKeyCredentialRpEntity(**get_adapter().get_public_key_credential_rp_entity())
    return Fido2Server(party, verify_origin=is_known_origin)


def refusing(parse: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """`parse`, for which whatever is no WebAuthn answer is a wrong code instead of a fault of ours."""

    @wraps(parse)
    def parsed(response: Any) -> Any:
        try:
            return parse(response)
        except UNREADABLE as exc:
            raise get_adapter().validation_error("incorrect_code") from exc

    return parsed


def connect() -> None:
    """Let allauth ask us, which has no settings for this.

    On its own it refuses every Android app, and falls over answers that fido2 cannot take apart.
    """
    auth.get_server = passkey_server
    auth.parse_registration_response = refusing(auth.parse_registration_response)
    auth.parse_authentication_response = refusing(auth.parse_authentication_response)
