"""The accounts API: leaving, and taking a copy of one's data along."""

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.leaving_shapes import DeletionIn, DeletionOut, DeletionRequestedOut, ExportOut
from accounts.authentication import claims_of
from accounts.policies import can_leave
from accounts.selectors.leaving import deletion_report, deletion_with, own_export, own_exports
from accounts.services.erasure import request_deletion
from accounts.services.exports import export_file, open_export, request_export
from accounts.services.step_up import require_fresh
from timetravelers.kit.api.idempotency import idempotent
from timetravelers.kit.api.pagination import NewestFirst, paginated
from timetravelers.kit.api.permissions import is_anyone
from timetravelers.kit.api.views import ApiView


class DeletionView(ApiView):
    """Deleting one's account, for good."""

    policy = can_leave
    throttle_scope = "leaving"

    @extend_schema(operation_id="me_delete", request=DeletionIn, responses={202: DeletionRequestedOut})
    @idempotent
    def post(self, request: Request) -> Response:
        code = self.parse(DeletionIn, request).get("apple_authorization_code", "")
        require_fresh(claims_of(request))
        made = request_deletion(user=self.actor, apple_code=code)
        report = deletion_report(made.deletion)
        return Response(DeletionRequestedOut({"receipt": made.secret, **report}).data, status=202)


class DeletionReceiptView(ApiView):
    """What became of a deleted account; whoever has the receipt may know."""

    policy = is_anyone
    throttle_scope = "receipts"

    @extend_schema(operation_id="deletions_read", responses=DeletionOut, auth=[])
    def get(self, request: Request, receipt: str) -> Response:
        return Response(DeletionOut(deletion_report(deletion_with(receipt))).data)


class ExportsView(ApiView):
    """Copies of one's data."""

    policy = can_leave
    throttle_scope = {"GET": "read", "POST": "leaving"}

    @extend_schema(operation_id="me_exports_list", responses=paginated(ExportOut))
    def get(self, request: Request) -> Response:
        return NewestFirst().page_response(own_exports(self.actor), request, ExportOut)

    @extend_schema(operation_id="me_exports_create", request=None, responses={202: ExportOut})
    @idempotent
    def post(self, request: Request) -> Response:
        require_fresh(claims_of(request))
        return Response(ExportOut(request_export(user=self.actor)).data, status=202)


class ExportView(ApiView):
    """One copy of one's data."""

    policy = can_leave
    throttle_scope = "read"

    @extend_schema(operation_id="me_exports_read", responses=ExportOut)
    def get(self, request: Request, uid: str) -> Response:
        return Response(ExportOut(own_export(self.actor, uid)).data)


class ExportDownloadView(ApiView):
    """The file itself; only for its owner, who has just proven who they are."""

    policy = can_leave
    throttle_scope = "leaving"

    @extend_schema(operation_id="me_exports_download", responses={(200, "application/zip"): OpenApiTypes.BINARY})
    def get(self, request: Request, uid: str) -> FileResponse:
        require_fresh(claims_of(request))
        export = own_export(self.actor, uid)
        answer = FileResponse(
            open_export(export), as_attachment=True, filename=export_file(export.uid), content_type="application/zip"
        )
        answer["Cache-Control"] = "private, no-store"
        return answer
