"""Where Manus delivers its webhooks: outside the API's grammar, in the form that Manus expects."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from mentors.manus.signature import SIGNATURE_HEADER, TIMESTAMP_HEADER
from mentors.services.webhooks import receive_webhook


@csrf_exempt
@require_POST
def manus_webhook(request: HttpRequest, account: UUID) -> HttpResponse:
    """200 as soon as the delivery is stored; what it causes happens behind."""
    is_new = receive_webhook(
        account=account,
        body=request.body,
        signature=request.headers.get(SIGNATURE_HEADER),
        timestamp=request.headers.get(TIMESTAMP_HEADER),
    )
    return JsonResponse({"ok": True, "new": is_new})
