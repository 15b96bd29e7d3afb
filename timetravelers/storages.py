"""Where what people send is stored: in folders of this machine, or in a bucket that speaks S3."""

from pathlib import Path
from typing import Any

from timetravelers.env import Env


def private_storage(env: Env, folder: str) -> dict[str, Any]:
    """A storage that no address leads to: views hand out what is in it. What is saved twice is replaced."""
    return _bucket(env, folder) if env.s3["bucket"] else _folder(env.data_dir / folder)


def _folder(place: Path) -> dict[str, Any]:
    return {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": place,
            "base_url": None,
            "allow_overwrite": True,
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    }


def _bucket(env: Env, folder: str) -> dict[str, Any]:
    """Without keys the machine's own role is used."""
    return {
        "BACKEND": "timetravelers.kit.buckets.Bucket",
        "OPTIONS": {
            "bucket_name": env.s3["bucket"],
            "endpoint_url": env.s3["endpoint"] or None,
            "region_name": env.s3["region"] or None,
            "access_key": env.s3["access_key"] or None,
            "secret_key": env.s3["secret_key"] or None,
            "addressing_style": "path" if env.s3["endpoint"] else "auto",
            "location": folder,
        },
    }
