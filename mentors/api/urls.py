"""Routes of the mentors room, below /api/v1/."""

from django.urls import path

from mentors.api.views import TravelersView, TravelerView

urlpatterns = [
    path("travelers/", TravelersView.as_view(), name="travelers"),
    path("travelers/<uuid:uid>/", TravelerView.as_view(), name="traveler"),
]
