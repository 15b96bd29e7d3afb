"""Routes of the consciousness room, below /api/v1/."""

from django.urls import path

from consciousness.api.views import (
    CancelTurnView,
    EndSessionView,
    MessagesView,
    RetryTurnView,
    SessionsView,
    SessionView,
    TicketsView,
    TurnView,
)

urlpatterns = [
    path("sessions/", SessionsView.as_view(), name="sessions"),
    path("sessions/<uuid:uid>/", SessionView.as_view(), name="session"),
    path("sessions/<uuid:uid>/end/", EndSessionView.as_view(), name="session-end"),
    path("sessions/<uuid:uid>/messages/", MessagesView.as_view(), name="session-messages"),
    path("sessions/<uuid:uid>/tickets/", TicketsView.as_view(), name="session-tickets"),
    path("sessions/<uuid:uid>/turns/<uuid:turn>/", TurnView.as_view(), name="turn"),
    path("sessions/<uuid:uid>/turns/<uuid:turn>/cancel/", CancelTurnView.as_view(), name="turn-cancel"),
    path("sessions/<uuid:uid>/turns/<uuid:turn>/retry/", RetryTurnView.as_view(), name="turn-retry"),
]
