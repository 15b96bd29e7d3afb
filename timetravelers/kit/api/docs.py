"""The API's own description, open to all, from files that this server has (no other host is asked)."""

from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from timetravelers.kit.api.permissions import is_anyone


class SchemaView(SpectacularAPIView):
    """OpenAPI."""

    policy = is_anyone
    throttle_scope = "open"


class DocsView(SpectacularSwaggerView):
    """OpenAPI as a page."""

    policy = is_anyone
    throttle_scope = "open"
