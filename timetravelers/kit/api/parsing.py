"""JSON in: bounded, strict UTF-8, and refused before it is understood when it is too large or too deep."""

from collections.abc import Mapping
from typing import IO, Any

import orjson
from django.conf import settings
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from timetravelers.kit.errors import TooLarge


class JsonParser(BaseParser):
    """Reads at most MAX_BODY_BYTES; raises TooLarge or ParseError, never anything else."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        body = stream.read(settings.MAX_BODY_BYTES + 1)
        if len(body) > settings.MAX_BODY_BYTES:
            raise TooLarge
        try:
            return orjson.loads(body)
        except orjson.JSONDecodeError as exc:
            raise ParseError from exc
