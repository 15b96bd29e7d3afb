"""What a message holds: text within the limit, and files that are there."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass

from mentors.manus.simulator.files import Files
from mentors.manus.simulator.payloads import attachment
from mentors.manus.simulator.records import Account, Json
from mentors.manus.simulator.refusals import Refusal
from mentors.manus.tokens import MESSAGE_TOKEN_LIMIT, estimated_tokens

LARGEST_INLINE = 20 * 1024 * 1024
DATA_URL = re.compile(r"data:([\w.+-]+/[\w.+-]+);base64,")
WEB_ADDRESS = re.compile(r"https?://[^\s/]+\S*")


@dataclass(frozen=True, slots=True)
class Said:
    """A message as the agent gets it."""

    parts: list[str]
    attachments: list[Json]
    voice: bool


def read_content(content: str | Sequence[Json], account: Account, files: Files) -> Said:
    """The text parts and attachments of a message; raises Refusal for too long a text and for files that are not there.

    The caller holds the lock.
    """
    parts = [{"type": "text", "text": content}] if isinstance(content, str) else list(content)
    texts = [str(part["text"]) for part in parts if part["type"] == "text"]
    if sum(estimated_tokens(text) for text in texts) > MESSAGE_TOKEN_LIMIT:
        raise Refusal("invalid_argument", f"the text is longer than {MESSAGE_TOKEN_LIMIT} tokens")
    attached = [_attachment(part, account, files) for part in parts if part["type"] != "text"]
    return Said(texts, attached, voice=any(part["type"] == "voice" for part in parts))


def _attachment(part: Json, account: Account, files: Files) -> Json:
    if "file_id" in part:
        shown = attachment(files, files.require_usable(account, part["file_id"]))
    elif "file_data" in part:
        shown = _inline(part)
    else:
        shown = _linked(part)
    return {**shown, "type": "voice"} if part["type"] == "voice" else shown


def _inline(part: Json) -> Json:
    head = DATA_URL.match(part["file_data"])
    if head is None or not part.get("filename"):
        raise Refusal("invalid_argument", "file_data must be a data: address in base64, with a filename")
    try:
        body = base64.b64decode(part["file_data"][head.end() :], validate=True)
    except (binascii.Error, ValueError):
        raise Refusal("invalid_argument", "file_data is no base64") from None
    if len(body) > LARGEST_INLINE:
        raise Refusal("invalid_argument", "file_data is larger than 20 MB")
    return {"type": "file", "filename": part["filename"], "content_type": part.get("mime_type", head[1])}


def _linked(part: Json) -> Json:
    """A file by its address, which the simulator does not fetch: it goes nowhere but to its own webhooks."""
    if not WEB_ADDRESS.fullmatch(part["file_url"]):
        raise Refusal("invalid_argument", "file_url must be a web address")
    name = part.get("filename") or part["file_url"].rsplit("/", 1)[-1] or "file"
    return {"type": "file", "filename": name, "url": part["file_url"]}
