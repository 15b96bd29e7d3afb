"""Routes of the missions room, below /api/v1/."""

from django.urls import path

from missions.api import views

urlpatterns = [
    path("missions/", views.MissionsView.as_view(), name="missions"),
    path("missions/rewards/", views.RewardsView.as_view(), name="rewards"),
    path("missions/proposals/", views.ProposalsView.as_view(), name="mission-proposals"),
    path("missions/proposals/<uuid:uid>/", views.ProposalView.as_view(), name="mission-proposal"),
    path("missions/<uuid:uid>/", views.MissionView.as_view(), name="mission"),
    path("missions/<uuid:uid>/accept/", views.AcceptView.as_view(), name="mission-accept"),
    path("missions/<uuid:uid>/decline/", views.DeclineView.as_view(), name="mission-decline"),
    path("missions/<uuid:uid>/evidence/", views.EvidenceView.as_view(), name="mission-evidence"),
    path("missions/<uuid:uid>/complete/", views.CompleteView.as_view(), name="mission-complete"),
]
