"""The accounts API: the lists a person keeps, which all work alike."""

from typing import Any, ClassVar
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from accounts.api.record_shapes import OrderIn
from accounts.models import Record
from accounts.policies import can_use_own_account
from accounts.selectors.records import record_of, records_of
from accounts.services.records import add_record, change_record, order_records, remove_record
from timetravelers.kit.api.idempotency import idempotent
from timetravelers.kit.api.views import ApiView

Shape = type[Serializer[Any]]


class RecordsAnswer(ApiView):
    """Answers with one's records of a kind in one's own order."""

    policy = can_use_own_account
    kind: ClassVar[type[Record]]
    shape_out: ClassVar[Shape]

    def listed(self) -> Response:
        rows = records_of(self.kind, self.actor.pk)
        return Response({"results": self.shape_out(rows, many=True).data, **self.beside()})

    def beside(self) -> dict[str, Any]:
        """What the list says beside its rows."""
        return {}


class RecordListView(RecordsAnswer):
    """The list, and a new record at its end."""

    throttle_scope = {"GET": "read", "POST": "write"}
    shape_in: ClassVar[Shape]

    def get(self, request: Request) -> Response:
        return self.listed()

    @idempotent
    def post(self, request: Request) -> Response:
        record = add_record(self.kind, user=self.actor, values=self.parse(self.shape_in, request))
        return Response(self.shape_out(record).data, status=201)


class RecordView(ApiView):
    """One of them; somebody else's are not there."""

    policy = can_use_own_account
    throttle_scope = {"GET": "read", "PATCH": "write", "DELETE": "write"}
    kind: ClassVar[type[Record]]
    shape_in: ClassVar[Shape]
    shape_out: ClassVar[Shape]

    def get(self, request: Request, uid: UUID) -> Response:
        return Response(self.shape_out(record_of(self.kind, self.actor.pk, uid)).data)

    def patch(self, request: Request, uid: UUID) -> Response:
        values = self.parse(self.shape_in, request, partial=True)
        record = change_record(self.kind, user=self.actor, uid=uid, values=values)
        return Response(self.shape_out(record).data)

    def delete(self, request: Request, uid: UUID) -> Response:
        remove_record(self.kind, user=self.actor, uid=uid)
        return Response(status=204)


class RecordOrderView(RecordsAnswer):
    """Putting the list in another order."""

    throttle_scope = "write"

    def post(self, request: Request) -> Response:
        order_records(self.kind, user=self.actor, uids=self.parse(OrderIn, request)["uids"])
        return self.listed()
