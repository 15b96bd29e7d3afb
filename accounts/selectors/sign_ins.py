"""Where a person is signed in."""

from typing import Any
from uuid import UUID

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet

from accounts.models import SignIn, User


def sign_ins_of(user: User, *, current: UUID) -> QuerySet[SignIn, Any]:
    """The person's live sign-ins, each saying by `current` whether it is the one that asks."""
    is_current = ExpressionWrapper(Q(uid=current), output_field=BooleanField())
    return SignIn.objects.live().filter(user_id=user.pk).annotate(current=is_current)
