"""All routes of the house."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from accounts.api.sign_ins import KeySetView
from mentors.api.hooks import manus_webhook
from timetravelers.kit import health
from timetravelers.kit.api.docs import DocsView, SchemaView
from timetravelers.kit.devmail import mailbox

admin.site.site_header = "TimeTravelers"
admin.site.site_title = "TimeTravelers"

api = [
    path("", include("accounts.api.urls")),
    path("", include("mentors.api.urls")),
    path("", include("matching.api.urls")),
    path("", include("missions.api.urls")),
    path("", include("consciousness.api.urls")),
]

urlpatterns = [
    path("", RedirectView.as_view(url="/api/docs/"), name="home"),
    path("api/v1/", include(api)),
    path("api/schema/", SchemaView.as_view(), name="schema"),
    path("api/docs/", DocsView.as_view(url_name="schema"), name="docs"),
    path(".well-known/jwks.json", KeySetView.as_view(), name="key-set"),
    path("_allauth/", include("accounts.identity.urls")),
    path("_allauth/", include("allauth.headless.urls")),
    path("admin/", admin.site.urls),
    path("hooks/manus/<uuid:account>/", manus_webhook, name="manus-webhook"),
    path("dev/mail/", mailbox, name="dev-mail"),
    path("healthz/live", health.live, name="live"),
    path("healthz/ready", health.ready, name="ready"),
    path("metrics", health.metrics, name="metrics"),
]

handler400 = "timetravelers.kit.api.problems.bad_request"
handler403 = "timetravelers.kit.api.problems.forbidden"
handler404 = "timetravelers.kit.api.problems.not_found"
handler500 = "timetravelers.kit.api.problems.server_error"
