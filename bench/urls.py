"""The routes of the house, and the references' beside them."""

from django.urls import path

from bench.references import ProfileViewSet, bare
from timetravelers import urls

urlpatterns = [
    *urls.urlpatterns,
    path("bench/bare/<int:size>/", bare, name="bench-bare"),
    path("bench/profiles/<int:pk>/", ProfileViewSet.as_view({"get": "retrieve"}), name="bench-profile"),
]

handler400 = urls.handler400
handler403 = urls.handler403
handler404 = urls.handler404
handler500 = urls.handler500
