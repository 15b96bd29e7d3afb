"""What the house is compared with: a view that does nothing, and the recipe that most would follow."""

from functools import cache

from django.http import HttpRequest, HttpResponse
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import JSONParser
from rest_framework.permissions import IsAuthenticated
from rest_framework.renderers import JSONRenderer
from rest_framework.serializers import ModelSerializer
from rest_framework.viewsets import ModelViewSet
from rest_framework_simplejwt.authentication import JWTAuthentication

from accounts.models import AXES, Profile


@cache
def _padding(size: int) -> bytes:
    return b'{"padding":"' + b"x" * (size - 14) + b'"}'


def bare(_request: HttpRequest, size: int) -> HttpResponse:
    """A Django view without authentication, database or framework: JSON of `size` bytes, ready beforehand."""
    return HttpResponse(_padding(size), content_type="application/json")


class ProfileSerializer(ModelSerializer[Profile]):
    """The columns of a profile as the framework shows them."""

    class Meta:
        model = Profile
        fields = (
            "user",
            "version",
            "display_name",
            "target_occupation",
            "goal",
            "years_experience",
            "goal_horizon_months",
            "weekly_hours",
            *AXES,
            "updated_at",
        )


class ProfileViewSet(ModelViewSet[Profile]):
    """The recipe of the framework's own tutorial, with simplejwt: the user looked up, then one query."""

    queryset = Profile.objects.all()
    serializer_class = ProfileSerializer
    authentication_classes = [JWTAuthentication]
    permission_classes = [IsAuthenticated]
    throttle_classes = []
    renderer_classes = [JSONRenderer]
    parser_classes = [JSONParser]
    content_negotiation_class = DefaultContentNegotiation
