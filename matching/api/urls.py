"""Routes of the matching room, below /api/v1/."""

from django.urls import path

from matching.api.views import MatchesView

urlpatterns = [path("matches/", MatchesView.as_view(), name="matches")]
