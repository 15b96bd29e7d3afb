"""The references' routes, where they are found first and pay the same middleware as the API, and those of the house."""

from django.urls import path

from bench.references import ProfileViewSet, bare
from timetravelers import urls

urlpatterns = [
    path("api/v1/bench/bare/<int:size>/", bare, name="bench-bare"),
    path("api/v1/bench/profiles/<int:pk>/", ProfileViewSet.as_view({"get": "retrieve"}), name="bench-profile"),
    *urls.urlpatterns,
]

handler400 = urls.handler400
handler403 = urls.handler403
handler404 = urls.handler404
handler500 = urls.handler500
