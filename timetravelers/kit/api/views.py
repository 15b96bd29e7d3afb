"""The base of every view: names its policy and throttle scope, knows its actor, rejects unknown fields."""

from typing import Any, ClassVar, cast

from django.contrib.auth.base_user import AbstractBaseUser
from rest_framework.request import Request
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from timetravelers.kit.api.permissions import Policy


class ApiView(APIView):
    """Parse -> one selector or service -> shape. Subclasses set `policy` and `throttle_scope`."""

    policy: ClassVar[Policy | None] = None
    throttle_scope: ClassVar[str | dict[str, str] | None] = None

    @property
    def actor(self) -> Any:
        """The caller; the policy has made sure of who it may be."""
        return cast("AbstractBaseUser", self.request.user)

    def parse(self, serializer: type[Serializer[Any]], request: Request, *, partial: bool = False) -> dict[str, Any]:
        """The validated body; raises DRF's ValidationError with a pointer for each wrong field."""
        return validated(serializer, request.data, partial=partial)

    def parse_query(self, serializer: type[Serializer[Any]], request: Request) -> dict[str, Any]:
        """The validated query string."""
        return validated(serializer, request.query_params.dict())


def validated(serializer: type[Serializer[Any]], data: Any, *, partial: bool = False) -> dict[str, Any]:
    """Run an input serializer over untrusted data."""
    bound = serializer(data=data, partial=partial)
    bound.is_valid(raise_exception=True)
    return cast("dict[str, Any]", bound.validated_data)
