"""Shapes of leaving: the deletion of an account, and copies of one's data."""

from typing import Any

from rest_framework import serializers

from accounts.models import Deletion, ErasureDuty, Export
from timetravelers.kit.api.serializers import Input, Text


class DeletionIn(Input):
    """What may help to delete thoroughly."""

    apple_authorization_code = Text(
        required=False,
        allow_blank=True,
        max_length=1000,
        help_text="A fresh code of Sign in with Apple, by which its tokens can be revoked.",
    )


class DutyOut(serializers.Serializer[Any]):
    kind = serializers.CharField()
    state = serializers.ChoiceField(choices=ErasureDuty.State.choices)
    number = serializers.IntegerField()


class DeletionOut(serializers.Serializer[Any]):
    """How far a deletion is. `rows` counts rows by what became of them and by table."""

    state = serializers.ChoiceField(choices=Deletion.State.choices)
    requested_at = serializers.DateTimeField()
    erased_at = serializers.DateTimeField(allow_null=True)
    completed_at = serializers.DateTimeField(allow_null=True)
    rows = serializers.DictField(child=serializers.DictField(child=serializers.IntegerField()))
    files = serializers.IntegerField()
    elsewhere = DutyOut(many=True)


class DeletionRequestedOut(DeletionOut):
    """With the secret by which the deletion can be looked at later; it is shown only now."""

    receipt = serializers.CharField()


class ExportOut(serializers.Serializer[Any]):
    """A copy of one's data: being made, or there to be downloaded until `expires_at`."""

    uid = serializers.UUIDField()
    state = serializers.ChoiceField(choices=Export.State.choices)
    bytes = serializers.IntegerField(allow_null=True)
    created_at = serializers.DateTimeField()
    ready_at = serializers.DateTimeField(allow_null=True)
    expires_at = serializers.DateTimeField(allow_null=True)
