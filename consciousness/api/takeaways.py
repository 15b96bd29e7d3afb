"""Finding what was said, how a session went, and taking it along."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from consciousness.api.takeaway_shapes import FindsOut, MetricsOut, SearchQuery, TranscriptQuery
from consciousness.models import Session
from consciousness.policies import can_hold_sessions
from consciousness.printing import pdf
from consciousness.selectors.metrics import metrics_of
from consciousness.selectors.search import finds_of, read_cursor
from consciousness.selectors.sessions import session_for
from consciousness.selectors.takeaways import heading_of, lines_of, outcome_of, require_printable
from consciousness.transcripts import json, markdown
from timetravelers.kit.api.views import ApiView

CHUNK_CHARACTERS = 16_000
CONTENT_TYPES = {
    "md": "text/markdown; charset=utf-8",
    "json": "application/json",
    "pdf": "application/pdf",
}


class SearchView(ApiView):
    """One's own history."""

    policy = can_hold_sessions
    throttle_scope = "search"

    @extend_schema(operation_id="sessions_search", parameters=[SearchQuery], responses=FindsOut)
    def get(self, request: Request) -> Response:
        """Messages, titles and goals of my sessions that fit, the best first; on every branch of a session."""
        query = self.parse_query(SearchQuery, request)
        after = read_cursor(query["cursor"]) if "cursor" in query else None
        found = finds_of(self.actor, query["q"], after=after, limit=query["limit"])
        url = request.build_absolute_uri()
        following = None if found.next_cursor is None else replace_query_param(url, "cursor", found.next_cursor)
        return Response(FindsOut({"results": found.results, "next": following}).data)


class MetricsView(ApiView):
    """How it went."""

    policy = can_hold_sessions
    throttle_scope = "read"

    @extend_schema(operation_id="sessions_metrics", responses=MetricsOut)
    def get(self, _request: Request, uid: UUID) -> Response:
        """Length, messages, turns, waiting times, engines and credits of one of my sessions."""
        return Response(MetricsOut(metrics_of(session_for(self.actor, uid))).data)


class TranscriptView(ApiView):
    """Taking it along."""

    policy = can_hold_sessions
    throttle_scope = "search"

    @extend_schema(
        operation_id="sessions_transcript",
        parameters=[TranscriptQuery],
        responses={
            (200, "text/markdown"): OpenApiTypes.STR,
            (200, "application/json"): OpenApiTypes.OBJECT,
            (200, "application/pdf"): OpenApiTypes.BINARY,
        },
    )
    def get(self, request: Request, uid: UUID) -> HttpResponseBase:
        """The transcript as a file, with what came out of it: what stands, or with `branches=all` all that was said.

        As PDF only up to 300,000 characters: it has to be laid out as a whole.
        """
        query = self.parse_query(TranscriptQuery, request)
        session = session_for(self.actor, uid)
        answer = _transcript(session, query["format"], tree=query["branches"] == "all")
        answer["Content-Disposition"] = content_disposition_header(
            as_attachment=True, filename=_file_name(session, query["format"])
        )
        answer["Cache-Control"] = "private, no-store"
        return answer


def _transcript(session: Session, form: str, *, tree: bool) -> HttpResponseBase:
    if form == "pdf":
        require_printable(session, tree=tree)
    heading, lines, outcome = heading_of(session), lines_of(session, tree=tree), outcome_of(session)
    kind = CONTENT_TYPES[form]
    if form == "pdf":
        return HttpResponse(pdf(heading, lines, outcome, tree=tree), content_type=kind)
    is_json = form == "json"
    text = json(heading, lines, outcome=outcome) if is_json else markdown(heading, lines, tree=tree, outcome=outcome)
    return StreamingHttpResponse(_chunks(text), content_type=kind)


def _file_name(session: Session, ending: str) -> str:
    """Letters, digits and dashes only: names come from people."""
    name = slugify(session.title or session.version.name)[:60] or "session"
    return f"{name}-{(session.opened_at or session.created_at):%Y-%m-%d}.{ending}"


def _chunks(pieces: Iterable[str]) -> Iterator[bytes]:
    """Some kilobytes at a time."""
    held: list[str] = []
    size = 0
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size >= CHUNK_CHARACTERS:
            yield "".join(held).encode(errors="replace")
            held, size = [], 0
    yield "".join(held).encode(errors="replace")
