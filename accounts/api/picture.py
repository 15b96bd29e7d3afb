"""The accounts API: one's own picture."""

from django.conf import settings
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.serializers import ProfileOut
from accounts.pictures import MEDIA_TYPE
from accounts.policies import can_use_own_account
from accounts.selectors import own_profile
from accounts.selectors.picture import picture_name, picture_square
from accounts.services.picture import put_picture, remove_picture
from timetravelers.kit.api.conditional import etag, is_unchanged
from timetravelers.kit.api.uploads import AnyUpload, UploadParser, uploaded
from timetravelers.kit.api.views import ApiView

_FORM = {"type": "object", "required": ["file"], "properties": {"file": {"type": "string", "format": "binary"}}}
_BODIES = {
    "image/jpeg": OpenApiTypes.BINARY,
    "image/png": OpenApiTypes.BINARY,
    "image/webp": OpenApiTypes.BINARY,
    "multipart/form-data": _FORM,
}
# Whatever a browser is made to think of the file, it runs nothing out of it.
_HEADERS = {
    "Cache-Control": "private, no-cache",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
}


class PictureView(ApiView):
    """Sending a picture, and taking it away."""

    policy = can_use_own_account
    throttle_scope = {"PUT": "upload", "DELETE": "write"}
    parser_classes = (UploadParser,)
    content_negotiation_class = AnyUpload
    max_upload_bytes = settings.PICTURE_MAX_BYTES

    @extend_schema(operation_id="me_picture_put", request=_BODIES, responses=ProfileOut)
    def put(self, request: Request) -> Response:
        put_picture(user=self.actor, body=uploaded(request))
        return Response(own_profile(self.actor.pk))

    @extend_schema(operation_id="me_picture_remove", responses={204: None})
    def delete(self, request: Request) -> Response:
        remove_picture(user=self.actor)
        return Response(status=204)


class PictureSizeView(ApiView):
    """One's picture as a square of 64, 256 or 1024 pixels, smaller if it was."""

    policy = can_use_own_account
    throttle_scope = "read"

    @extend_schema(
        operation_id="me_picture_read",
        responses={(200, MEDIA_TYPE): OpenApiResponse(OpenApiTypes.BINARY, "The picture, as WebP.")},
    )
    def get(self, request: Request, size: int) -> HttpResponse | Response:
        name = picture_name(self.actor.pk)
        tag = etag(f"{name}-{size}")
        if is_unchanged(request, tag):
            return Response(status=304, headers={"ETag": tag})
        square = picture_square(name, size)
        disposition = {"Content-Disposition": f'inline; filename="picture-{size}.webp"'}
        return HttpResponse(square, content_type=MEDIA_TYPE, headers={**_HEADERS, **disposition, "ETag": tag})
