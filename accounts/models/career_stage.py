"""What a person says of their own career stage, when they know better than we do."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.career_stage import STAGES


class CareerStageCorrection(models.Model):
    """The person's own word on their stage; it stands until they take it back."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="career_stage_correction"
    )
    stage = models.CharField(max_length=15, choices=[(stage, stage) for stage in STAGES])
    recycling = models.BooleanField()
    stated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(stage__in=STAGES), name="career_stage_correction_stage_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.stage}"
