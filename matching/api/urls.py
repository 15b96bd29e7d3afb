"""Routes of the matching room, below /api/v1/."""

from django.urls import path

from matching.api import browsing, views

urlpatterns = [
    path("matches/", views.MatchesView.as_view(), name="matches"),
    path("matches/refresh/", views.RefreshView.as_view(), name="matches-refresh"),
    path("matches/compare/", browsing.CompareView.as_view(), name="matches-compare"),
    path("matches/travelers/", browsing.BrowseView.as_view(), name="matches-travelers"),
    path("matches/blocks/", views.BlocksView.as_view(), name="matches-blocks"),
    path("matches/blocks/<uuid:traveler>/", views.BlockView.as_view(), name="matches-block"),
    path("matches/<uuid:uid>/", views.MatchView.as_view(), name="match"),
    path("matches/<uuid:uid>/accept/", views.AcceptView.as_view(), name="match-accept"),
    path("matches/<uuid:uid>/decline/", views.DeclineView.as_view(), name="match-decline"),
    path("matches/<uuid:uid>/feedback/", views.FeedbackView.as_view(), name="match-feedback"),
]
