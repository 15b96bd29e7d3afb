"""What goes in and out of the tree of turns over REST."""

from typing import Any

from rest_framework import serializers

from consciousness.models import Turn
from timetravelers.kit.api.serializers import Input


class SwitchBranch(Input):
    """Any turn of the branch that is wanted."""

    head = serializers.UUIDField()


class HeadOut(serializers.Serializer[Any]):
    """The turn that the branch in view ends with."""

    head = serializers.UUIDField()


class BranchTurnOut(serializers.ModelSerializer[Turn]):
    """A turn in the tree: the `place`-th of `siblings` that follow the turn `after`, and whether it is in view."""

    after = serializers.UUIDField(source="parent.uid", default=None, allow_null=True)
    state = serializers.CharField(source="seen_state")
    place = serializers.IntegerField()
    siblings = serializers.IntegerField()
    replies = serializers.IntegerField()

    class Meta:
        model = Turn
        fields = ["uid", "after", "state", "on_branch", "place", "siblings", "replies", "created_at"]
