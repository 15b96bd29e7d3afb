"""Taking back what Apple was told: the tokens behind Sign in with Apple."""

from uuid import UUID

from allauth.socialaccount.models import SocialAccount, SocialToken

from accounts import apple
from accounts.models import User
from accounts.services.duties import NothingToDo, NotYet, add_duty, skip_duty

CODE, TOKEN = "apple_code", "apple_token"


def queue_apple_duties(person: User, deletion: UUID, code: str) -> None:
    """Queue what has to be revoked at Apple; says so in the record if there is an Apple sign-in and no token."""
    tokens = SocialToken.objects.filter(account__user=person, account__provider="apple")
    held = [token.token_secret or token.token for token in tokens]
    for token in filter(None, held):
        add_duty(deletion, TOKEN, token)
    if code:
        add_duty(deletion, CODE, code)
    elif not any(held) and SocialAccount.objects.filter(user=person, provider="apple").exists():
        skip_duty(deletion, TOKEN, "no token of Apple's was held or given")


def revoke_token(token: str) -> None:
    """Revoke a token at Apple; raises NotYet and NothingToDo."""
    try:
        apple.revoke(token)
    except apple.NotConfigured as reason:
        raise NothingToDo(str(reason)) from None
    except apple.AppleError as reason:
        raise NotYet(str(reason)) from None


def revoke_by_code(code: str) -> None:
    """Trade an authorization code for a token and revoke it; raises NotYet and NothingToDo."""
    try:
        token = apple.exchange(code)
    except (apple.NotConfigured, apple.CodeRefused) as reason:
        raise NothingToDo(str(reason)) from None
    except apple.AppleError as reason:
        raise NotYet(str(reason)) from None
    try:
        revoke_token(token)
    except NotYet as reason:
        # The code works once: from here on it is about the token.
        raise NotYet(str(reason), kind=TOKEN, reference=token) from None
