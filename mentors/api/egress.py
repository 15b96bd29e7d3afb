"""What was sent out for a person, for that person to read."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from mentors.models import EgressRecord
from mentors.policies import can_read_own_receipts
from mentors.selectors import egress_of
from timetravelers.kit.api.pagination import NewestFirst, paginated
from timetravelers.kit.api.views import ApiView


class EgressOut(serializers.ModelSerializer[EgressRecord]):
    """The receipt of one call to an AI provider: kinds of data, never the data."""

    session = serializers.UUIDField(source="session_ref", allow_null=True)
    bytes = serializers.IntegerField(source="size", help_text="Bytes of text.")

    class Meta:
        model = EgressRecord
        fields = ["uid", "at", "session", "engine", "recipient", "endpoint", "categories", "consent_version", "bytes"]


class EgressView(ApiView):
    """One's receipts."""

    policy = can_read_own_receipts
    throttle_scope = "read"

    @extend_schema(operation_id="me_egress", responses=paginated(EgressOut))
    def get(self, request: Request) -> Response:
        """What was sent to an AI provider for me, newest first."""
        return NewestFirst().page_response(egress_of(self.actor), request, EgressOut)
