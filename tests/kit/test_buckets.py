"""A storage in a bucket: what our configuration asks of a server that speaks S3, over HTTP."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import boto3
import pytest
from django.core.files.base import File
from django.core.files.storage import Storage
from django.utils.module_loading import import_string

from timetravelers.env import read_env
from timetravelers.storages import private_storage

LISTENING = re.compile(r"Running on (http://127\.0\.0\.1:\d+)")
OURS = {"region": "eu-central-1", "access_key": "our-key", "secret_key": "s"}


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A server of others, which speaks S3 and keeps everything in its memory; in a process of its own."""
    command = [sys.executable, "-W", "ignore", "-m", "moto.server", "-p", "0"]
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stderr is not None
            heard = (LISTENING.search(line) for line in process.stderr)
            yield next(found[1] for found in heard if found)
        finally:
            process.kill()


@pytest.fixture
def bucket(server: str) -> Any:
    """An empty bucket of the server's, as its owner sees it."""
    keys = {"aws_access_key_id": OURS["access_key"], "aws_secret_access_key": OURS["secret_key"]}
    owner = boto3.resource("s3", endpoint_url=server, region_name=OURS["region"], **keys)
    return owner.create_bucket(
        Bucket=f"ours-{uuid4().hex}", CreateBucketConfiguration={"LocationConstraint": OURS["region"]}
    )


@pytest.fixture
def storage(server: str, bucket: Any) -> Storage:
    told = private_storage(replace(read_env(), s3={**OURS, "bucket": bucket.name, "endpoint": server}), "files")
    return storage_of(told)


def storage_of(told: dict[str, Any]) -> Storage:
    made: Storage = import_string(told["BACKEND"])(**told["OPTIONS"])
    return made


def kept(bucket: Any) -> dict[str, bytes]:
    return {one.key: one.get()["Body"].read() for one in bucket.objects.all()}


def test_bytes_come_back_as_they_went(storage: Storage, bucket: Any) -> None:
    body = bytes(range(256)) * 300
    assert storage.save("kept/ab/abc", File(BytesIO(body))) == "kept/ab/abc"
    assert kept(bucket) == {"files/kept/ab/abc": body}
    with storage.open("kept/ab/abc") as file:
        assert file.size == len(body)
        assert file.read() == body
        file.seek(100)
        assert file.read(10) == body[100:110]


def test_as_large_as_they_may_be(storage: Storage, bucket: Any) -> None:
    """Past eight megabytes it goes in parts."""
    body = os.urandom(1_000_000) * 25
    storage.save("large", File(BytesIO(body)))
    assert kept(bucket) == {"files/large": body}


def test_what_is_saved_again_takes_its_place(storage: Storage, bucket: Any) -> None:
    for words in (b"one", b"two"):
        assert storage.save("a", File(BytesIO(words))) == "a"
    assert kept(bucket) == {"files/a": b"two"}


def test_what_is_gone_is_not_found_and_may_go_again(storage: Storage) -> None:
    storage.save("a", File(BytesIO(b"x")))
    storage.delete("a")
    storage.delete("a")
    with pytest.raises(FileNotFoundError):
        storage.open("a")


def test_nobody_else_may_read_it(storage: Storage, bucket: Any) -> None:
    storage.save("a", File(BytesIO(b"x")))
    (grant,) = bucket.Object("files/a").Acl().grants
    assert grant["Grantee"]["Type"] == "CanonicalUser"


def test_without_a_bucket_it_is_a_folder(tmp_path: Path) -> None:
    folder = storage_of(private_storage(replace(read_env(), data_dir=tmp_path), "files"))
    for words in (b"longer words", b"two"):
        assert folder.save("a/b", File(BytesIO(words))) == "a/b"
    assert (tmp_path / "files" / "a" / "b").read_bytes() == b"two"
    assert (tmp_path / "files" / "a" / "b").stat().st_mode & 0o777 == 0o600
