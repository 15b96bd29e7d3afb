"""What goes in and out of files over REST."""

from typing import Any
from uuid import UUID

from django.conf import settings
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from consciousness.file_links import Variant
from consciousness.models import File
from consciousness.vetting.verdicts import BY_CODE
from timetravelers.kit.api.pagination import MAX_PAGE_SIZE
from timetravelers.kit.api.serializers import Input, Text, Whole

MAX_TOLD_NAME = 255


class ToldFileOut(serializers.ModelSerializer[File]):
    """A file as a message tells of it."""

    class Meta:
        model = File
        fields = ["uid", "name", "media_type", "size", "origin", "has_thumbnail"]


class FileOut(serializers.ModelSerializer[File]):
    """One of one's files; `offset` is how much of it has come in, `detail` says why it was refused."""

    message = serializers.SerializerMethodField(help_text="That it was sent with, if it was.")
    session = serializers.SerializerMethodField(help_text="The same.")
    offset = serializers.IntegerField(source="received")
    reason = serializers.SerializerMethodField(help_text="A stable code; null unless it was refused.")
    detail = serializers.SerializerMethodField()

    class Meta:
        model = File
        fields = [
            "uid",
            "name",
            "state",
            "reason",
            "detail",
            "media_type",
            "size",
            "sha256",
            "offset",
            "origin",
            "pages",
            "has_thumbnail",
            "session",
            "message",
            "created_at",
            "expires_at",
        ]

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_message(self, file: File) -> UUID | None:
        return file.message.uid if file.message else None

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_session(self, file: File) -> UUID | None:
        return file.message.session.uid if file.message else None

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_reason(self, file: File) -> str | None:
        return file.reason or None

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_detail(self, file: File) -> str | None:
        return BY_CODE[file.reason].says if file.reason else None


class BeginUpload(Input):
    """A file that is to come in pieces."""

    name = Text(max_length=MAX_TOLD_NAME)
    size = Whole(min_value=1, max_value=settings.FILE_MAX_BYTES)
    sha256 = serializers.RegexField(r"^[0-9a-f]{64}\Z", help_text="Of the whole, in lower-case hex.")


class FilesQuery(Input):
    """Which page."""

    cursor = serializers.CharField(required=False, max_length=200)
    limit = serializers.IntegerField(required=False, min_value=1, max_value=MAX_PAGE_SIZE)


class AskLink(Input):
    """An address for what."""

    variant = serializers.ChoiceField(choices=[one.value for one in Variant], default=Variant.ORIGINAL.value)


class LinkOut(serializers.Serializer[Any]):
    """An address that is good for a few minutes, without signing in."""

    url = serializers.CharField()
    expires_at = serializers.DateTimeField()
