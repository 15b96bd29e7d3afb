"""Routes of the mentors room, below /api/v1/."""

from django.urls import path

from mentors.api.egress import EgressView
from mentors.api.views import PortraitView, TravelersView, TravelerView

urlpatterns = [
    path("me/egress/", EgressView.as_view(), name="me-egress"),
    path("travelers/", TravelersView.as_view(), name="travelers"),
    path("travelers/<uuid:uid>/", TravelerView.as_view(), name="traveler"),
    path("travelers/<uuid:uid>/portrait/<int:size>/", PortraitView.as_view(), name="traveler-portrait"),
]
