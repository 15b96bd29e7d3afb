"""Files in: as the body itself, or as a part of a form; what they are is for the reader to find out."""

from collections.abc import Iterable, Mapping
from typing import IO, Any, cast

from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.request import Request

from timetravelers.kit.api.rendering import OnlyJson
from timetravelers.kit.errors import TooLarge

FORM = "multipart/form-data"
PART = "file"
FORM_ROOM = 10_000  # for the boundaries and headers around the file


class UploadParser(BaseParser):
    """The bytes of the one file as `file`, at most the view's `max_upload_bytes`; raises TooLarge or ParseError."""

    media_type = "*/*"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> dict[str, bytes]:
        context = dict(parser_context or {})
        most: int = context["view"].max_upload_bytes
        if int(context["request"].META.get("CONTENT_LENGTH") or 0) > most + FORM_ROOM:
            raise TooLarge
        file = _part(stream, media_type, context) if _is_form(media_type) else stream.read(most + 1)
        if len(file) > most:
            raise TooLarge
        return {PART: file}


class AnyUpload(OnlyJson):
    """Takes a body of whatever type: what is said about a file proves nothing."""

    def select_parser(self, request: Request, parsers: Iterable[BaseParser]) -> BaseParser | None:
        return next(iter(parsers))


def uploaded(request: Request) -> bytes:
    """The file that was sent; empty if there is none."""
    return cast("dict[str, bytes]", request.data).get(PART, b"")


def _is_form(media_type: str | None) -> bool:
    return (media_type or "").split(";")[0].strip().lower() == FORM


def _part(stream: IO[Any], media_type: str | None, context: dict[str, Any]) -> bytes:
    form: Any = MultiPartParser().parse(stream, media_type, context)
    files = [file for _, named in form.files.lists() for file in named]
    try:
        if form.data or len(files) != 1 or PART not in form.files:
            raise ParseError
        return cast("bytes", files[0].read())
    finally:
        for file in files:
            file.close()
