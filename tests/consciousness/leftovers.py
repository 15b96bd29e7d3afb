"""Where words are to be found: in every column of every table, and behind every door that shows what was said.

The log, which sockets and long polls read as it stands, is one of the tables.
"""

import zipfile
from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Any

from django.apps import apps
from pypdf import PdfReader

from accounts.services.exports import build_export, export_file, export_storage, request_export
from consciousness.models import Session
from consciousness.runs import Runs
from consciousness.services.embedding import embed_passages
from consciousness.services.indexing import index_new_messages
from consciousness.services.passages import read_ended_turns
from consciousness.services.summing import advance_summary
from tests.actors import ApiClient
from tests.consciousness.recall.toys import ToyEmbedder


def texts_of(value: Any) -> Iterator[str]:
    """Every text in a column's value, whatever holds it; bytes are read as text."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, memoryview | bytes):
        yield bytes(value).decode(errors="replace")
    elif isinstance(value, dict):
        for one in [*value, *value.values()]:
            yield from texts_of(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from texts_of(one)


def places_of(runs: Runs) -> list[str]:
    """Each column of each table that holds five words in a row of those."""
    return sorted(
        f"{model._meta.label}.{name}"
        for model in apps.get_models()
        for row in model._default_manager.values()
        for name, value in row.items()
        if any(runs.are_in(text) for text in texts_of(value))
    )


def work_behind_the_scenes(sessions: Iterable[Session]) -> None:
    """All that is made of what was said without anybody asking."""
    index_new_messages()
    read_ended_turns()
    embed_passages(embedder=ToyEmbedder())
    for session in sessions:
        while advance_summary(session.uid):
            pass


def read(phone: ApiClient, path: str) -> str:
    """What a door says, whole."""
    answer = phone.get(path)
    assert answer.status_code == 200, (path, answer.content)
    return bytes_of(answer).decode(errors="replace")


def bytes_of(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def doors(phone: ApiClient, sessions: Iterable[Session], question: str) -> dict[str, str]:
    """What each door says that shows anything of what was said, by its path; and a copy of all of one's data."""
    paths = ["/insights/", "/memories/", f"/recall/?q={question}", f"/sessions/search/?q={question}", "/sessions/"]
    paths += ["/missions/proposals/", "/files/"]
    for session in sessions:
        here = f"/sessions/{session.uid}"
        paths += [f"{here}/", f"{here}/messages/?branch=all", f"{here}/branches/"]
        paths += [f"{here}/transcript/?format={form}&branches=all" for form in ("md", "json")]
        if session.state == Session.State.OPEN:
            paths += [f"{here}/context/", f"{here}/context/?text={question}"]
    shown = {path: read(phone, path) for path in paths}
    for session in sessions:
        path = f"/sessions/{session.uid}/transcript/?format=pdf&branches=all"
        pages = PdfReader(BytesIO(bytes_of(phone.get(path)))).pages
        shown[path] = "\n".join(page.extract_text() for page in pages)
    return shown | {"copy": copy_of(phone)}


def copy_of(phone: ApiClient) -> str:
    """All texts of a copy of one's data that is made now."""
    assert phone.user is not None
    export = request_export(user=phone.user)
    build_export(export.uid)
    with export_storage().open(export_file(export.uid)) as file, zipfile.ZipFile(file) as archive:
        return "\n".join(archive.read(name).decode(errors="replace") for name in archive.namelist())
