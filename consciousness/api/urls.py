"""Routes of the consciousness room, below /api/v1/."""

from django.urls import path

from consciousness.api.branches import BranchesView, ChooseReplyView
from consciousness.api.context import ContextView, ExclusionView, PinView
from consciousness.api.feedback import ReadView, ReplyRatingView, SessionRatingView
from consciousness.api.files import FileContentView, FileLinksView, FilesView, FileView, ResumableView
from consciousness.api.insights import (
    ConfidenceView,
    ConfirmInsightView,
    InsightsView,
    InsightView,
    ReflectionView,
    RejectInsightView,
)
from consciousness.api.memories import KeepMemoryView, MemoriesView, MemoryView, RejectMemoryView
from consciousness.api.messages import MessagesView, MessageView
from consciousness.api.recall import RecallView
from consciousness.api.session_moves import (
    ArchiveView,
    CancelScheduledView,
    EndSessionView,
    OpenScheduledView,
    RescheduleView,
    UnarchiveView,
)
from consciousness.api.sessions import SessionsView, SessionView, TicketsView
from consciousness.api.takeaways import MetricsView, SearchView, TranscriptView
from consciousness.api.turns import CancelTurnView, EditView, RegenerateView, RetryTurnView, TurnView

urlpatterns = [
    path("insights/", InsightsView.as_view(), name="insights"),
    path("insights/<uuid:uid>/", InsightView.as_view(), name="insight"),
    path("insights/<uuid:uid>/confirm/", ConfirmInsightView.as_view(), name="insight-confirm"),
    path("insights/<uuid:uid>/reject/", RejectInsightView.as_view(), name="insight-reject"),
    path("files/", FilesView.as_view(), name="files"),
    path("files/resumable/", ResumableView.as_view(), name="files-resumable"),
    path("files/<uuid:uid>/", FileView.as_view(), name="file"),
    path("files/<uuid:uid>/content/", FileContentView.as_view(), name="file-content"),
    path("files/<uuid:uid>/links/", FileLinksView.as_view(), name="file-links"),
    path("memories/", MemoriesView.as_view(), name="memories"),
    path("memories/<uuid:uid>/", MemoryView.as_view(), name="memory"),
    path("memories/<uuid:uid>/keep/", KeepMemoryView.as_view(), name="memory-keep"),
    path("memories/<uuid:uid>/reject/", RejectMemoryView.as_view(), name="memory-reject"),
    path("recall/", RecallView.as_view(), name="recall"),
    path("sessions/", SessionsView.as_view(), name="sessions"),
    path("sessions/search/", SearchView.as_view(), name="sessions-search"),
    path("sessions/<uuid:uid>/", SessionView.as_view(), name="session"),
    path("sessions/<uuid:uid>/archive/", ArchiveView.as_view(), name="session-archive"),
    path("sessions/<uuid:uid>/cancel/", CancelScheduledView.as_view(), name="session-cancel"),
    path("sessions/<uuid:uid>/context/", ContextView.as_view(), name="session-context"),
    path("sessions/<uuid:uid>/context/pins/<slug:kind>/<uuid:target>/", PinView.as_view(), name="context-pin"),
    path(
        "sessions/<uuid:uid>/context/exclusions/<slug:kind>/<uuid:target>/",
        ExclusionView.as_view(),
        name="context-exclusion",
    ),
    path("sessions/<uuid:uid>/end/", EndSessionView.as_view(), name="session-end"),
    path("sessions/<uuid:uid>/metrics/", MetricsView.as_view(), name="session-metrics"),
    path("sessions/<uuid:uid>/open/", OpenScheduledView.as_view(), name="session-open"),
    path("sessions/<uuid:uid>/reschedule/", RescheduleView.as_view(), name="session-reschedule"),
    path("sessions/<uuid:uid>/transcript/", TranscriptView.as_view(), name="session-transcript"),
    path("sessions/<uuid:uid>/unarchive/", UnarchiveView.as_view(), name="session-unarchive"),
    path("sessions/<uuid:uid>/messages/", MessagesView.as_view(), name="session-messages"),
    path("sessions/<uuid:uid>/messages/<uuid:message>/", MessageView.as_view(), name="session-message"),
    path("sessions/<uuid:uid>/messages/<uuid:message>/choose/", ChooseReplyView.as_view(), name="reply-choose"),
    path("sessions/<uuid:uid>/messages/<uuid:message>/rating/", ReplyRatingView.as_view(), name="reply-rating"),
    path("sessions/<uuid:uid>/branches/", BranchesView.as_view(), name="session-branches"),
    path("sessions/<uuid:uid>/confidence/", ConfidenceView.as_view(), name="session-confidence"),
    path("sessions/<uuid:uid>/reflection/", ReflectionView.as_view(), name="session-reflection"),
    path("sessions/<uuid:uid>/rating/", SessionRatingView.as_view(), name="session-rating"),
    path("sessions/<uuid:uid>/read/", ReadView.as_view(), name="session-read"),
    path("sessions/<uuid:uid>/tickets/", TicketsView.as_view(), name="session-tickets"),
    path("sessions/<uuid:uid>/turns/<uuid:turn>/", TurnView.as_view(), name="turn"),
    path("sessions/<uuid:uid>/turns/<uuid:turn>/cancel/", CancelTurnView.as_view(), name="turn-cancel"),
    path("sessions/<uuid:uid>/turns/<uuid:turn>/edit/", EditView.as_view(), name="turn-edit"),
    path("sessions/<uuid:uid>/turns/<uuid:turn>/regenerate/", RegenerateView.as_view(), name="turn-regenerate"),
    path("sessions/<uuid:uid>/turns/<uuid:turn>/retry/", RetryTurnView.as_view(), name="turn-retry"),
]
