"""PDFs: nothing in them that acts, hides files or is locked; and the text of their pages."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.errors import LimitReachedError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from consciousness.vetting.texts import MOST_CHARACTERS
from consciousness.vetting.verdicts import Found, Reason, Unacceptable

MOST_OBJECTS = 50_000
MOST_PAGES_READ = 200
MOST_NESTING = 60
# Readers look for the end in the last part of a file; more behind it belongs to something else.
MOST_BEHIND_END = 1024

ACTIVE_ACTIONS = frozenset(
    {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/Rendition", "/RichMediaExecute", "/Movie", "/GoToE"}
)
ACTIVE_KEYS = frozenset({"/JS", "/JavaScript", "/XFA", "/RichMediaContent", "/RichMediaSettings", "/OnInstantiate"})
EMBEDDING_KEYS = frozenset({"/EF", "/EmbeddedFiles"})
LEAVES = frozenset({"/URI", "/GoToR"})
# An action may name the next ones.
MOST_STEPS = 20


def look(path: Path, media_type: str) -> Found:
    """The text of a harmless PDF, page by page; raises Unacceptable."""
    _refuse_tail(path)
    with PdfReader(path, strict=False) as reader:
        if reader.is_encrypted:
            raise Unacceptable(Reason.ENCRYPTED)
        for thing in _objects(reader):
            _refuse(thing)
        pages = len(reader.pages)
        if not pages:
            raise Unacceptable(Reason.DAMAGED)
        return Found(media_type, _text(reader), pages)


def _refuse_tail(path: Path) -> None:
    end = path.read_bytes().rstrip()
    place = end.rfind(b"%%EOF")
    if place < 0:
        raise Unacceptable(Reason.DAMAGED)
    if len(end) - place > MOST_BEHIND_END:
        raise Unacceptable(Reason.POLYGLOT)


def _objects(reader: PdfReader) -> Iterator[Any]:
    """Everything that the file numbers, and what its trailer says."""
    numbers = {number: generation for generation, table in reader.xref.items() for number in table}
    numbers |= dict.fromkeys(reader.xref_objStm, 0)
    if len(numbers) > MOST_OBJECTS:
        raise Unacceptable(Reason.TOO_COMPLEX)
    yield reader.trailer
    for number, generation in sorted(numbers.items()):
        yield reader.get_object(IndirectObject(number, generation, reader))


def _refuse(thing: Any, depth: int = 0) -> None:
    if depth > MOST_NESTING:
        raise Unacceptable(Reason.TOO_COMPLEX)
    if isinstance(thing, DictionaryObject):
        _refuse_dictionary(thing)
        for value in thing.values():
            _refuse(value, depth + 1)
    elif isinstance(thing, ArrayObject):
        for value in thing:
            _refuse(value, depth + 1)


def _refuse_dictionary(thing: DictionaryObject) -> None:
    if thing.keys() & EMBEDDING_KEYS or thing.get("/Type") == "/EmbeddedFile":
        raise Unacceptable(Reason.EMBEDDED)
    if thing.keys() & ACTIVE_KEYS or _action(thing) in ACTIVE_ACTIONS:
        raise Unacceptable(Reason.ACTIVE)
    if any(map(_leaves_at_once, _done_at_once(thing))):
        raise Unacceptable(Reason.ACTIVE)


def _done_at_once(thing: DictionaryObject) -> Iterator[Any]:
    """What happens by itself when the document, or a page of it, is opened, printed or left."""
    if "/OpenAction" in thing:
        yield thing["/OpenAction"]
    occasions = _opened(thing.get("/AA"))
    if isinstance(occasions, DictionaryObject):
        yield from occasions.values()


def _leaves_at_once(thing: Any, steps: int = 0) -> bool:
    """Whether an action, or one of those after it, asks something elsewhere: links are for people to follow."""
    found = _opened(thing)
    if steps > MOST_STEPS:
        raise Unacceptable(Reason.TOO_COMPLEX)
    if isinstance(found, ArrayObject):
        return any(_leaves_at_once(one, steps + 1) for one in found)
    if not isinstance(found, DictionaryObject):
        return False
    return _action(found) in LEAVES or ("/Next" in found and _leaves_at_once(found["/Next"], steps + 1))


def _opened(thing: Any) -> Any:
    return thing.get_object() if isinstance(thing, IndirectObject) else thing


def _action(thing: Any) -> str:
    return str(thing.get("/S", "")) if isinstance(thing, DictionaryObject) else ""


def _text_of(page: PageObject) -> str:
    """Raises whatever its parser does; the parser alone would pass over a page that is too large."""
    contents = page.get_contents()
    if contents is not None:
        contents.get_data()
    return page.extract_text().strip()


def _text(reader: PdfReader) -> str:
    """Of as many pages as there is room for; a page that cannot be read is left out."""
    said: list[str] = []
    room = MOST_CHARACTERS
    for page in reader.pages[:MOST_PAGES_READ]:
        try:
            text = _text_of(page)
        except LimitReachedError:
            raise Unacceptable(Reason.BOMB) from None
        except Exception:  # noqa: BLE001, S112 - parsers of hostile bytes raise what they like; other pages may be fine
            continue
        said.append(text[:room])
        room -= len(text)
        if room <= 0:
            break
    return "\n\n".join(filter(None, said))
