"""The accounts API: the lists a person keeps, which all work alike."""

from typing import Any, ClassVar, Protocol, TypeVar
from uuid import UUID

from drf_spectacular.utils import extend_schema, extend_schema_view
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


class Documented(Protocol):
    """A view that says what OpenAPI says of it."""

    @classmethod
    def operations(cls) -> dict[str, dict[str, Any]]:
        """The facts of each method."""


V = TypeVar("V", bound=Documented)


class RecordsView(ApiView):
    """What the views of one list have in common; its operations are named `me_<name>_<what>`."""

    policy = can_use_own_account
    name: ClassVar[str]
    kind: ClassVar[type[Record]]
    shape_in: ClassVar[Shape]
    shape_out: ClassVar[Shape]
    shape_list: ClassVar[Shape]

    def listed(self) -> Response:
        """One's records of the kind in one's own order."""
        rows = records_of(self.kind, self.actor.pk)
        return Response({"results": self.shape_out(rows, many=True).data, **self.beside()})

    def beside(self) -> dict[str, Any]:
        """What the list says beside its rows."""
        return {}


def documented(view: type[V]) -> type[V]:
    """The view, with its operations in OpenAPI under its list's name and with its list's shapes."""
    said = {method: extend_schema(**facts) for method, facts in view.operations().items()}
    return extend_schema_view(**said)(view)


class RecordListView(RecordsView):
    """The list, and a new record at its end."""

    throttle_scope = {"GET": "read", "POST": "write"}

    @classmethod
    def operations(cls) -> dict[str, dict[str, Any]]:
        added = {"request": cls.shape_in, "responses": {201: cls.shape_out}}
        return {
            "get": {"operation_id": f"me_{cls.name}_list", "responses": cls.shape_list},
            "post": {"operation_id": f"me_{cls.name}_add", **added},
        }

    def get(self, request: Request) -> Response:
        return self.listed()

    @idempotent
    def post(self, request: Request) -> Response:
        record = add_record(self.kind, user=self.actor, values=self.parse(self.shape_in, request))
        return Response(self.shape_out(record).data, status=201)


class RecordView(RecordsView):
    """One of them; somebody else's are not there."""

    throttle_scope = {"GET": "read", "PATCH": "write", "DELETE": "write"}

    @classmethod
    def operations(cls) -> dict[str, dict[str, Any]]:
        changed = {"request": cls.shape_in, "responses": cls.shape_out}
        return {
            "get": {"operation_id": f"me_{cls.name}_read", "responses": cls.shape_out},
            "patch": {"operation_id": f"me_{cls.name}_change", **changed},
            "delete": {"operation_id": f"me_{cls.name}_remove", "responses": {204: None}},
        }

    def get(self, request: Request, uid: UUID) -> Response:
        return Response(self.shape_out(record_of(self.kind, self.actor.pk, uid)).data)

    def patch(self, request: Request, uid: UUID) -> Response:
        values = self.parse(self.shape_in, request, partial=True)
        record = change_record(self.kind, user=self.actor, uid=uid, values=values)
        return Response(self.shape_out(record).data)

    def delete(self, request: Request, uid: UUID) -> Response:
        remove_record(self.kind, user=self.actor, uid=uid)
        return Response(status=204)


class RecordOrderView(RecordsView):
    """Putting the list in another order."""

    throttle_scope = "write"

    @classmethod
    def operations(cls) -> dict[str, dict[str, Any]]:
        return {"post": {"operation_id": f"me_{cls.name}_order", "request": OrderIn, "responses": cls.shape_list}}

    def post(self, request: Request) -> Response:
        order_records(self.kind, user=self.actor, uids=self.parse(OrderIn, request)["uids"])
        return self.listed()
