"""DOCX: no macros, no objects, nothing that is loaded from elsewhere; and the words that stand in it to be seen."""

import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError  # the parser itself is defusedxml's

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from consciousness.vetting.archives import opened, read_member
from consciousness.vetting.texts import MOST_CHARACTERS
from consciousness.vetting.verdicts import Found, Reason, Unacceptable

MOST_XML = 30_000_000
MOST_RELATIONS = 1_000_000
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
TYPES = "[Content_Types].xml"
OWN_RELATIONS = "_rels/.rels"
PLAIN_DOCUMENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
MACROS = re.compile(r"vba|macro|\.vbs$", re.IGNORECASE)
OBJECTS = re.compile(
    r"(^|/)(activex|embeddings|oleobject|afchunk|webextensions)"
    r"|\.(bin|exe|dll|js|html?|mht|jar|zip|gz|rar|7z|docx|docm|xls[xm]|ppt[xm]|pdf)$",
    re.IGNORECASE,
)
EMBEDDING = re.compile(r"/(oleobject|package|afchunk|control|subdocument|webextension\w*)$", re.IGNORECASE)
# Of what may lie elsewhere, links alone wait for somebody to follow them.
FOLLOWED_BY_PEOPLE = "/hyperlink"
ELSEWHERE = re.compile(r"^\s*([a-z][a-z0-9+.-]+:|//|\\\\)", re.IGNORECASE)
FIELDS = re.compile(r"\b(DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|IMPORT|MACROBUTTON)\b", re.IGNORECASE)


def look(path: Path, media_type: str) -> Found:
    """What can be seen written in the document, a line a paragraph; raises Unacceptable."""
    try:
        with opened(path) as archive:
            names = archive.namelist()
            types, main = _types(archive), _main(archive)
            _refuse_members(names, types)
            if types.get(f"/{main}") != PLAIN_DOCUMENT:
                raise Unacceptable(Reason.WRONG_TYPE)
            for name in names:
                if name.lower().endswith(".rels"):
                    _refuse_relations(fromstring(read_member(archive, name, MOST_RELATIONS)))
            _refuse_fields(archive, names)
            return Found(media_type, _text(fromstring(read_member(archive, main, MOST_XML))))
    except DefusedXmlException:
        raise Unacceptable(Reason.BOMB) from None
    except (ParseError, KeyError, zipfile.BadZipFile):
        raise Unacceptable(Reason.DAMAGED) from None


def _types(archive: zipfile.ZipFile) -> dict[str, str]:
    """What the document says its parts are, by their names; a part that only its ending tells is under that."""
    if TYPES not in archive.namelist():
        raise Unacceptable(Reason.WRONG_TYPE)
    try:
        told = fromstring(read_member(archive, TYPES, MOST_RELATIONS))
    except ParseError:
        raise Unacceptable(Reason.WRONG_TYPE) from None
    return {one.get("PartName", one.get("Extension", "")): one.get("ContentType", "") for one in told.iter()}


def _main(archive: zipfile.ZipFile) -> str:
    """The part that office programs show, and so the one that is read. Raises KeyError where nothing is named."""
    relations = fromstring(read_member(archive, OWN_RELATIONS, MOST_RELATIONS))
    named = {one.get("Target", "").lstrip("/") for one in relations if one.get("Type", "").endswith("/officeDocument")}
    if len(named) > 1:
        raise Unacceptable(Reason.POLYGLOT)
    return next(iter(named), "")


def _refuse_members(names: list[str], types: Mapping[str, str]) -> None:
    if any(map(MACROS.search, [*names, *types.values()])):
        raise Unacceptable(Reason.MACROS)
    if any(map(OBJECTS.search, names)):
        raise Unacceptable(Reason.EMBEDDED)


def _refuse_relations(relations: Any) -> None:
    for one in relations.iter():
        kind, target = one.get("Type", "").lower(), one.get("Target", "")
        if EMBEDDING.search(kind):
            raise Unacceptable(Reason.EMBEDDED)
        if kind.endswith("/vbaproject"):
            raise Unacceptable(Reason.MACROS)
        is_away = one.get("TargetMode", "").lower() == "external" or ELSEWHERE.match(target)
        if is_away and not kind.endswith(FOLLOWED_BY_PEOPLE):
            raise Unacceptable(Reason.EXTERNAL)


def _refuse_fields(archive: zipfile.ZipFile, names: list[str]) -> None:
    """In whatever part they stand; the words of a field may be spread over several runs."""
    for name in names:
        if name.startswith("word/") and name.endswith(".xml"):
            written = (_of_field(part) for part in fromstring(read_member(archive, name, MOST_XML)).iter())
            if FIELDS.search("".join(written)):
                raise Unacceptable(Reason.ACTIVE)


def _of_field(part: Any) -> str:
    match _name(part):
        case "instrText" | "delInstrText":
            return part.text or ""
        case "fldSimple":
            return f" {_attribute(part, 'instr')} "
        case "fldChar":
            return " "
        case _:
            return ""


def _text(document: Any) -> str:
    lines: list[str] = []
    room = MOST_CHARACTERS
    for paragraph in document.iter():
        if _name(paragraph) != "p":
            continue
        line = "".join(_words(paragraph)).strip()
        if line and room > 0:
            lines.append(line[:room])
            room -= len(line) + 1
    return "\n".join(lines)


def _words(paragraph: Any) -> Iterator[str]:
    """The runs of one paragraph; those that are hidden, and paragraphs inside it, are not among them."""
    for part in paragraph:
        match _name(part):
            case "p":
                continue
            case "t":
                yield part.text or ""
            case "tab":
                yield "\t"
            case "br" | "cr":
                yield "\n"
            case "r" if _is_hidden(part):
                continue
            case "instrText" | "pPr" | "rPr" | "del" | "delText":
                continue
            case _:
                yield from _words(part)


def _is_hidden(run: Any) -> bool:
    return any(
        _name(mark) == "vanish" and _attribute(mark, "val") not in {"0", "false", "off"}
        for properties in run
        if _name(properties) == "rPr"
        for mark in properties
    )


def _name(part: Any) -> str:
    tag = str(part.tag)
    return tag.removeprefix(WORD).removeprefix(STRICT)


def _attribute(part: Any, name: str) -> str:
    return str(part.get(WORD + name) or part.get(STRICT + name) or "")
