"""Files as they lie there once they were checked, without the looking."""

import hashlib
from io import BytesIO
from typing import Any

from accounts.models import User
from consciousness.file_store import clean_name, keep, new_key, thumbnail_name
from consciousness.models import Extract, File
from timetravelers.kit.clock import now


def make_file(user: User, body: bytes = b"words", *, text: str = "words", **facts: Any) -> File:
    """A file of somebody's that is ready to be sent, or belongs to the message that is given."""
    given = {"name": "notes.txt", "media_type": "text/plain", "state": File.State.READY, **facts}
    if "message" not in given:
        given["expires_at"] = now()
    file = File.objects.create(
        user=user, size=len(body), sha256=hashlib.sha256(body).hexdigest(), key=new_key(), due_at=now(), **given
    )
    keep(clean_name(file.key), BytesIO(body))
    if file.has_thumbnail:
        keep(thumbnail_name(file.key), BytesIO(body))
    if text:
        Extract.objects.create(file=file, text=text)
    return file
