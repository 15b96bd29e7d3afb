"""The calls of the Manus API v2 about what an account has besides tasks: projects, files, webhooks, credits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import BinaryIO

import msgspec

from mentors.manus import outgoing, wire
from mentors.manus.caching import Cache
from mentors.manus.calls import Caller
from mentors.manus.transport import RawAnswer
from mentors.manus.uploads import Uploaded, Uploads

# webhook.create answers only after Manus has tried the URL, which may take ten seconds.
WEBHOOK_CREATE_SECONDS = 15.0


class AccountCalls:
    """The part of `ManusClient` that is not about tasks; its guarantees are said there."""

    def __init__(self, calls: Caller, cache: Cache, wall: Callable[[], float]) -> None:
        self._calls = calls
        self._cache = cache
        self._wall = wall

    # Projects

    def create_project(self, name: str, instruction: str | None = None) -> wire.ProjectAnswer:
        """Create a project whose instruction leads each of its tasks."""
        ask = outgoing.CreateProject(name=name, instruction=instruction)
        try:
            return self._calls.write("project.create", ask, wire.ProjectAnswer)
        finally:
            self._cache.forget("project.list")

    def list_projects(self, *, fresh: bool = False) -> wire.ProjectList:
        """All projects of the account; cached, unless `fresh`."""

        def ask() -> wire.ProjectList:
            return self._calls.read("project.list", outgoing.Nothing(), wire.ProjectList)

        return self._cache.get("project.list", "", wire.ProjectList, ask, fresh=fresh)

    # Files

    def upload_file(self, filename: str, source: BinaryIO, *, size: int, sha256: str | None = None) -> Uploaded:
        """Have Manus take a file in; see `Uploads.send`. Its id is good for 48 hours."""
        return Uploads(self._calls, self._wall).send(filename, source, size=size, sha256=sha256)

    def file_detail(self, file_id: str, *, fresh: bool = False) -> wire.FileAnswer:
        """What has become of a file; cached, unless `fresh`."""

        def ask() -> wire.FileAnswer:
            return self._calls.read("file.detail", outgoing.FileId(file_id=file_id), wire.FileAnswer)

        return self._cache.get("file.detail", file_id, wire.FileAnswer, ask, fresh=fresh)

    def delete_file(self, file_id: str) -> wire.Envelope:
        """Delete a file before its 48 hours are over."""
        try:
            return self._calls.write("file.delete", outgoing.FileId(file_id=file_id), wire.Envelope)
        finally:
            self._cache.forget("file.detail", file_id)

    # Webhooks

    def create_webhook(self, url: str) -> wire.WebhookAnswer:
        """Register a callback; Manus tries it before it answers."""
        usual = self._calls.limits
        limits = replace(
            usual,
            read=max(usual.read, WEBHOOK_CREATE_SECONDS),
            total=max(usual.total, WEBHOOK_CREATE_SECONDS),
        )
        return self._calls.write("webhook.create", outgoing.CreateWebhook(url=url), wire.WebhookAnswer, limits)

    def list_webhooks(self) -> wire.WebhookList:
        """All callbacks of the account."""
        return self._calls.read("webhook.list", outgoing.Nothing(), wire.WebhookList)

    def delete_webhook(self, webhook_id: str) -> wire.Envelope:
        """Remove a callback."""
        return self._calls.write("webhook.delete", outgoing.WebhookId(webhook_id=webhook_id), wire.Envelope)

    def webhook_public_key(self, *, fresh: bool = False) -> wire.PublicKey:
        """The key that webhook signatures are checked with; cached, unless `fresh`."""

        def ask() -> wire.PublicKey:
            return self._calls.read("webhook.publicKey", outgoing.Nothing(), wire.PublicKey)

        return self._cache.get("webhook.publicKey", "", wire.PublicKey, ask, fresh=fresh)

    def kept_public_key(self) -> wire.PublicKey | None:
        """The same as far as it is cached: asks nobody."""
        return self._cache.peek("webhook.publicKey", "", wire.PublicKey)

    # Credits

    def available_credits(self, *, fresh: bool = False) -> wire.CreditsAnswer:
        """What the account can spend; cached, unless `fresh`.

        Read from `data`, or from the top level (reported of the live API).
        """

        def ask() -> wire.CreditsAnswer:
            answer = self._calls.read_raw("usage.availableCredits", outgoing.Nothing())
            return self._calls.decoded("usage.availableCredits", _credits_under_data(answer), wire.CreditsAnswer)

        return self._cache.get("usage.availableCredits", "", wire.CreditsAnswer, ask, fresh=fresh)

    def list_usage(self, *, cursor: str | None = None, limit: int = 20) -> wire.UsagePage:
        """One page of the credit ledger, newest first."""
        return self._calls.read("usage.list", outgoing.Page(cursor=cursor, limit=limit), wire.UsagePage)


def _credits_under_data(answer: RawAnswer) -> RawAnswer:
    fields = msgspec.json.decode(answer.body, type=dict[str, msgspec.Raw])
    if "data" in fields:
        return answer
    wrapped = {"ok": True, "request_id": fields.get("request_id"), "data": fields}
    return replace(answer, body=msgspec.json.encode(wrapped))
