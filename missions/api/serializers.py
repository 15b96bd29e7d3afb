"""Shapes of the missions API."""

from typing import Any

from rest_framework import serializers

from missions.models import Evidence, Mission, MissionProposal
from timetravelers.kit.api.serializers import Input, Text


class PageQuery(Input):
    """Which page of a growing list."""

    limit = serializers.IntegerField(required=False, min_value=1, max_value=100)
    cursor = Text(required=False, max_length=200)


class MissionQuery(PageQuery):
    """How to narrow and page the board."""

    state = serializers.ChoiceField(required=False, choices=Mission.State.choices)


class EvidenceInput(Input):
    """What is shown; the mission's own rules are checked by the service."""

    kind = serializers.ChoiceField(choices=Evidence.Kind.choices)
    content = Text(max_length=10_000)


class EvidenceOut(serializers.Serializer[Any]):
    uid = serializers.UUIDField()
    kind = serializers.CharField()
    content = serializers.CharField()
    created_at = serializers.DateTimeField()


class MissionTraveler(serializers.Serializer[Any]):
    uid = serializers.UUIDField()
    slug = serializers.CharField()
    name = serializers.CharField()


class MissionSummary(serializers.Serializer[Any]):
    """A mission as it stands on the board."""

    uid = serializers.UUIDField()
    state = serializers.ChoiceField(choices=Mission.State.choices)
    kind = serializers.CharField(source="template.kind")
    title = serializers.CharField(source="template.title")
    summary = serializers.CharField(source="template.summary")
    minutes = serializers.IntegerField(source="template.minutes")
    difficulty = serializers.IntegerField(source="template.difficulty")
    reward_points = serializers.IntegerField(source="template.reward_points")
    reason = serializers.CharField(help_text="Why it was offered, in one sentence.")
    traveler = MissionTraveler(allow_null=True)
    session = serializers.UUIDField(source="origin", allow_null=True, help_text="The session it came out of.")
    offered_at = serializers.DateTimeField()
    accepted_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)


class EvidenceRuleOut(serializers.Serializer[Any]):
    """What completing takes: a piece of one of the kinds, and words over all texts."""

    kinds = serializers.ListField(child=serializers.CharField(), source="evidence_kinds")
    min_words = serializers.IntegerField(source="evidence_min_words")
    prompt = serializers.CharField(source="evidence_prompt")


class TrainedSkill(serializers.Serializer[Any]):
    key = serializers.CharField()
    name = serializers.CharField()


class MissionDetail(MissionSummary):
    """A mission with its steps and what was shown for it."""

    steps = serializers.ListField(child=serializers.CharField(), source="template.steps")
    skills = TrainedSkill(many=True, source="template.skills.all")
    evidence_rule = EvidenceRuleOut(source="template")
    evidence = EvidenceOut(many=True, source="evidence.all")
    points_earned = serializers.SerializerMethodField()

    def get_points_earned(self, mission: Mission) -> int:
        """Zero until the mission is completed."""
        return mission.reward.points if hasattr(mission, "reward") else 0


class ProposalsQuery(PageQuery):
    """Which proposals."""

    state = serializers.ChoiceField(required=False, choices=MissionProposal.State.choices)


class MoveProposal(Input):
    """What becomes of it."""

    state = serializers.ChoiceField(choices=["taken", "done", "dismissed"])


class ProposalOut(serializers.Serializer[Any]):
    """A task in the person's own words; it earns nothing."""

    uid = serializers.UUIDField()
    text = serializers.CharField()
    state = serializers.ChoiceField(choices=MissionProposal.State.choices)
    traveler = MissionTraveler()
    session = serializers.UUIDField(help_text="The session it came out of.")
    insight = serializers.UUIDField(source="origin")
    created_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)


class RewardMission(serializers.Serializer[Any]):
    uid = serializers.UUIDField()
    title = serializers.CharField(source="template.title")


class RewardOut(serializers.Serializer[Any]):
    """An entry of the ledger."""

    uid = serializers.UUIDField()
    points = serializers.IntegerField()
    earned_at = serializers.DateTimeField()
    mission = RewardMission()


class RewardsPage(serializers.Serializer[Any]):
    """A page of the ledger, and the points over all of it."""

    total_points = serializers.IntegerField()
    results = RewardOut(many=True)
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
