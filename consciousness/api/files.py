"""Files over REST: sending them at once or in pieces, looking at them, addresses for fetching them, deleting them."""

from os import SEEK_END
from typing import IO, Any, cast
from uuid import UUID

from django.conf import settings
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.status import is_client_error

from accounts.api.leaving_shapes import DeletionRequestedOut
from accounts.selectors.leaving import deletion_report
from consciousness.api.file_shapes import AskLink, BeginUpload, FileOut, FilesQuery, LinkOut
from consciousness.errors import FileEmpty, FileOffsetWrong
from consciousness.file_links import Variant, link_to
from consciousness.file_store import drop
from consciousness.policies import can_hold_sessions
from consciousness.selectors.files import file_for, files_of, ready_file_for
from consciousness.services.files.deleting import delete_file
from consciousness.services.files.landing import Landed, land
from consciousness.services.files.uploads import begin_upload, receive_piece, receive_whole, require_next
from timetravelers.kit.api.idempotency import REPLAYED, idempotent
from timetravelers.kit.api.pagination import NewestFirst, paginated
from timetravelers.kit.api.uploads import AnyUpload, FileParser
from timetravelers.kit.api.views import ApiView

OFFSET, LENGTH = "Upload-Offset", "Upload-Length"
_FORM = {"type": "object", "required": ["file"], "properties": {"file": {"type": "string", "format": "binary"}}}
_BODIES = {"application/octet-stream": OpenApiTypes.BINARY, "multipart/form-data": _FORM}
_NAME = OpenApiParameter("name", str, description="What it is called; a form says so itself.")
_OFFSET = OpenApiParameter(OFFSET, int, OpenApiParameter.HEADER, required=True, description="Where the piece begins.")


class LandingView(ApiView):
    """Bytes come in before it is decided whether they may stay; those that may not are gone with the answer."""

    policy = can_hold_sessions
    parser_classes = (FileParser,)
    content_negotiation_class = AnyUpload
    max_upload_bytes = settings.FILE_MAX_BYTES
    received: IO[bytes] | None = None
    landed: Landed | None = None

    def land(self) -> Landed:
        """The bytes that came with the request, in the storage. Raises FileEmpty."""
        self.landed = land(self.body)
        return self.landed

    @property
    def body(self) -> IO[bytes]:
        """Those bytes, as they wait on disk. Raises FileEmpty."""
        _ = self.request.data  # the parser leaves them with the view, unless there are none
        if self.received is None:
            raise FileEmpty
        return self.received

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        """Of a request that was refused, or answered before, nothing stays; what a fault left goes by itself."""
        if self.received is not None:
            self.received.close()
        is_for_nothing = is_client_error(response.status_code) or REPLAYED in response.headers
        if self.landed is not None and is_for_nothing:
            drop([self.landed.part])
        return super().finalize_response(request, response, *args, **kwargs)


class FilesView(LandingView):
    """One's files, and sending one at once."""

    throttle_scope = {"GET": "read", "POST": "upload"}

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Bytes land before the handler and its transaction begin; what no handler takes is deleted later."""
        super().initial(request, *args, **kwargs)
        if request.method == "POST":
            self.called = _name_of(request)
            self.land()

    @extend_schema(operation_id="files_list", parameters=[FilesQuery], responses=paginated(FileOut))
    def get(self, request: Request) -> Response:
        """My files, newest first."""
        self.parse_query(FilesQuery, request)
        return NewestFirst().page_response(files_of(self.actor), request, FileOut)

    @extend_schema(operation_id="files_send", parameters=[_NAME], request=_BODIES, responses={201: FileOut})
    @idempotent
    def post(self, _request: Request) -> Response:
        """Send a file of at most 25 MB at once, as the body or in a form; it is looked into behind."""
        file = receive_whole(actor=self.actor, name=self.called, landed=cast("Landed", self.landed))
        return Response(FileOut(file).data, status=201)


class ResumableView(ApiView):
    """Beginning a file that comes in pieces."""

    policy = can_hold_sessions
    throttle_scope = "upload"

    @extend_schema(operation_id="files_begin", request=BeginUpload, responses={201: FileOut})
    @idempotent
    def post(self, request: Request) -> Response:
        """Announce a file; its bytes follow by PATCH, in as many pieces as it takes, within a day."""
        return Response(FileOut(begin_upload(actor=self.actor, **self.parse(BeginUpload, request))).data, status=201)


class FileView(ApiView):
    """One of them."""

    policy = can_hold_sessions
    throttle_scope = {"GET": "read", "DELETE": "write"}

    @extend_schema(operation_id="files_get", responses=FileOut)
    def get(self, _request: Request, uid: UUID) -> Response:
        """One of my files, with what became of it."""
        return Response(FileOut(file_for(self.actor, uid)).data)

    @extend_schema(operation_id="files_delete", request=None, responses={202: DeletionRequestedOut})
    def delete(self, _request: Request, uid: UUID) -> Response:
        """Delete it for good; the receipt tells how the deletion at the AI provider goes."""
        made = delete_file(file=uid, actor=self.actor)
        report = {"receipt": made.secret, **deletion_report(made.deletion)}
        return Response(DeletionRequestedOut(report).data, status=202)


class FileContentView(LandingView):
    """The bytes of a file on their way in."""

    throttle_scope = {"HEAD": "read", "PATCH": "pieces"}

    def head(self, _request: Request, uid: UUID) -> Response:
        """How far it has come in: after a broken piece, go on from there."""
        file = file_for(self.actor, uid)
        return Response(headers={OFFSET: str(file.received), LENGTH: str(file.size), "Cache-Control": "no-store"})

    @extend_schema(operation_id="files_piece", parameters=[_OFFSET], request=_BODIES, responses=FileOut)
    def patch(self, request: Request, uid: UUID) -> Response:
        """Send the next piece; one that broke off counts as not sent."""
        known, offset = file_for(self.actor, uid), _offset_of(request)
        require_next(known, offset, self.body.seek(0, SEEK_END))
        file = receive_piece(actor=self.actor, file=uid, offset=offset, landed=self.land())
        return Response(FileOut(file).data, headers={OFFSET: str(file.received)})


class FileLinksView(ApiView):
    """Addresses."""

    policy = can_hold_sessions
    throttle_scope = "read"

    @extend_schema(operation_id="files_link", request=AskLink, responses=LinkOut)
    def post(self, request: Request, uid: UUID) -> Response:
        """An address to fetch the file, or its thumbnail, from within five minutes."""
        variant = Variant(self.parse(AskLink, request)["variant"])
        file = ready_file_for(self.actor, uid, with_thumbnail=variant is Variant.THUMBNAIL)
        url, until = link_to(file.uid, variant)
        return Response(LinkOut({"url": url, "expires_at": until}).data)


def _name_of(request: Request) -> str:
    data = cast("dict[str, str]", request.data)
    return data.get("name") or request.query_params.get("name", "")


def _offset_of(request: Request) -> int:
    told = request.headers.get(OFFSET, "")
    if not told.isdecimal() or len(told) > len(str(settings.FILE_MAX_BYTES)):
        raise FileOffsetWrong(f"Say in {OFFSET} where the piece begins.")
    return int(told)
