"""A storage in a bucket that speaks S3, with bounded waits."""

from typing import Any

from botocore.config import Config
from storages.backends.s3 import S3Storage

CONNECT_SECONDS, READ_SECONDS, TRIES = 5, 20, 3


class Bucket(S3Storage):  # type: ignore[misc]  # django-storages ships no types
    """What is saved under a name that exists takes its place; nothing in it is public."""

    def get_default_settings(self) -> dict[str, Any]:
        return {**super().get_default_settings(), "file_overwrite": True, "default_acl": None}

    def __init__(self, *, addressing_style: str, **options: Any) -> None:
        patience = Config(
            connect_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            retries={"total_max_attempts": TRIES},
            signature_version="s3v4",
            s3={"addressing_style": addressing_style},
            # Servers that are not Amazon's do not all understand the trailers of newer clients.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        super().__init__(**options, client_config=patience)
