"""Answers that are kept for requests that are made again, and what they may quote."""

from uuid import UUID

from django.db.models import BinaryField, F, Func, IntegerField, Value

from timetravelers.kit.models import IdempotentAnswer


def forget_answers(user_id: int, uid: UUID) -> None:
    """Those of a person's that name something that goes."""
    place = Func(
        Value(str(uid).encode(), output_field=BinaryField()),
        F("body"),
        template="position(%(expressions)s)",
        arg_joiner=" in ",
        output_field=IntegerField(),
    )
    IdempotentAnswer.objects.filter(user_id=user_id).annotate(place=place).filter(place__gt=0).delete()
