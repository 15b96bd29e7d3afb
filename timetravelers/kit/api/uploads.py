"""Files in: as the body itself, or as a part of a form; what they are is for the reader to find out."""

import hashlib
from collections.abc import Iterable, Mapping
from tempfile import SpooledTemporaryFile
from typing import IO, Any, TypeAlias, cast

from django.core.files.uploadedfile import UploadedFile
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.request import Request

from timetravelers.kit.api.rendering import OnlyJson
from timetravelers.kit.errors import TooLarge

Upload: TypeAlias = "UploadedFile[Any]"
FORM = "multipart/form-data"
PART = "file"
FORM_ROOM = 10_000  # for the boundaries and headers around the file
PIECE = 256 * 1024
IN_MEMORY = 1_000_000


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
        most = _most_bytes(context)
        file = _part(stream, media_type, context) if _is_form(media_type) else stream.read(most + 1)
        if len(file) > most:
            raise TooLarge
        return {PART: file}


class FileParser(BaseParser):
    """What a file is called (in a form) and its digest; the bytes wait on disk, as the view's `received`.

    At most the view's `max_upload_bytes`, and never all of them in memory. Raises TooLarge or ParseError.
    """

    media_type = "*/*"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> dict[str, str]:
        context = dict(parser_context or {})
        view, most = context["view"], _most_bytes(context)
        if not _is_form(media_type):
            view.received, digest = _spooled(stream, most)
            return {"name": "", "sha256": digest}
        with _form_file(stream, media_type, context) as file:
            view.received, digest = _spooled(file, most)
            return {"name": file.name or "", "sha256": digest}


def _most_bytes(context: Mapping[str, Any]) -> int:
    """What the view takes; raises TooLarge if more is announced."""
    most: int = context["view"].max_upload_bytes
    if int(context["request"].META.get("CONTENT_LENGTH") or 0) > most + FORM_ROOM:
        raise TooLarge
    return most


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
    with _form_file(stream, media_type, context) as file:
        return cast("bytes", file.read())


def _form_file(stream: IO[Any], media_type: str | None, context: dict[str, Any]) -> Upload:
    """The one file of a form that holds nothing else; the caller closes it."""
    form: Any = MultiPartParser().parse(stream, media_type, context)
    files: list[Upload] = [file for _, named in form.files.lists() for file in named]
    if form.data or len(files) != 1 or PART not in form.files:
        for file in files:
            file.close()
        raise ParseError
    return files[0]


def _spooled(stream: IO[bytes] | Upload, most: int) -> tuple[IO[bytes], str]:
    """At most so many bytes, on disk beyond the first of them, and their digest; raises TooLarge."""
    body = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the view closes it
    digest, size = hashlib.sha256(), 0
    while piece := stream.read(PIECE):
        size += body.write(piece)
        digest.update(piece)
        if size > most:
            body.close()
            raise TooLarge
    return cast("IO[bytes]", body), digest.hexdigest()
