"""Harmless files, each with words that are to be read in it; many look much like the bad ones."""

from __future__ import annotations

from io import BytesIO

from PIL import Image

from tests.consciousness.files.bad import Body
from tests.factories.documents import (
    DOCUMENT,
    MAIN_TYPE,
    TYPES,
    docx,
    paragraph,
    pdf,
    picture,
    relation,
    relationships,
    with_place,
    zipped,
)

OLD = "Früher war ich Köchin in München. Später lernte ich, größere Küchen zu führen, und schließlich Zahlen zu lesen."


def _moving() -> bytes:
    file = BytesIO()
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "green", "blue")]
    frames[0].save(file, "WEBP", save_all=True, append_images=frames[1:], duration=100)
    return file.getvalue()


GOOD: dict[str, tuple[str, Body, str]] = {
    "a CV": ("cv.pdf", lambda: pdf("Lena Example", "Data analyst since 2019"), "Data analyst since 2019"),
    "a PDF with a link to click": (
        "cv.pdf",
        lambda: pdf(
            "See my page",
            more=["<< /Type /Annot /Subtype /Link /A << /S /URI /URI (https://lena.example/) >> >>"],
        ),
        "See my page",
    ),
    "a PDF that opens at its first page": (
        "cv.pdf",
        lambda: pdf("Page one", catalog="/OpenAction [4 0 R /Fit]"),
        "Page one",
    ),
    "a PDF that speaks of JavaScript": (
        "cv.pdf",
        lambda: pdf("I write /JavaScript and launch products; %PDF- is a header"),
        "I write /JavaScript",
    ),
    "a PDF without a word": ("scan.pdf", lambda: pdf(""), ""),
    "a document": ("cv.docx", lambda: docx("Skills", "SQL & <Python>"), "Skills\nSQL & <Python>"),
    "a document with a link": (
        "cv.docx",
        lambda: docx("Portfolio", relations=relation("hyperlink", "https://lena.example/", external=True)),
        "Portfolio",
    ),
    "a document with a page number": (
        "cv.docx",
        lambda: docx("One", body="<w:p><w:r><w:instrText> PAGE </w:instrText></w:r></w:p>"),
        "One",
    ),
    "a document whose text has another name": (
        "cv.docx",
        lambda: zipped(
            {
                "[Content_Types].xml": TYPES.format(main=MAIN_TYPE).replace("document.xml", "document2.xml"),
                "_rels/.rels": relationships(relation("officeDocument", "/word/document2.xml")),
                "word/document2.xml": DOCUMENT.format(body=paragraph("Kept where few look")),
            }
        ),
        "Kept where few look",
    ),
    "a document that speaks of fields": (
        "cv.docx",
        lambda: docx("DDE and INCLUDETEXT are old fields."),
        "DDE and INCLUDETEXT",
    ),
    "a document with a table": (
        "cv.docx",
        lambda: docx("Before", body=f"<w:tbl><w:tr><w:tc>{paragraph('2021 Analyst')}</w:tc></w:tr></w:tbl>"),
        "Before\n2021 Analyst",
    ),
    "a document with a picture": (
        "cv.docx",
        lambda: docx("Me", members={"word/media/image1.png": picture()}, relations=relation("image", "media/1.png")),
        "Me",
    ),
    "a text": ("notes.txt", "Grüße aus Köln, 你好".encode, "Grüße aus Köln, 你好"),
    "a text with a mark at its beginning": ("notes.txt", lambda: b"\xef\xbb\xbfplain", "plain"),
    "a text of Windows": ("notes.txt", lambda: "zwei Bytes je Zeichen".encode("utf-16"), "zwei Bytes je Zeichen"),
    "an old text": ("notes.txt", lambda: OLD.encode("cp1252"), OLD),
    "a text about archives": ("notes.md", lambda: b"PK\x09 is no archive, MZ no program", "PK\t is no archive"),
    "a text about PDFs": ("notes.md", lambda: b"It begins with %PDF-1.7 and", "It begins with %PDF-1.7"),
    "a text with HTML": ("notes.md", lambda: b"Write `<script>` in code.", "Write `<script>`"),
    "a table": ("skills.csv", lambda: b"skill,level\nSQL,4\n", "skill,level\nSQL,4"),
    "a picture": ("chart.png", lambda: picture("PNG", mode="RGBA"), ""),
    "a photo with letters of a drawing in its noise": (
        "photo.jpg",
        lambda: picture("JPEG", comment=b"\x8f<svg\x02"),
        "",
    ),
    "a moving picture": ("film.webp", _moving, ""),
    "a photo with a place": ("photo.jpg", with_place, ""),
    "a photo of capital letters": ("PHOTO.JPEG", lambda: picture("JPEG"), ""),
    "a modern picture": ("photo.webp", lambda: picture("WEBP"), ""),
    "a picture of many pixels": ("wall.png", lambda: picture("PNG", (6_000, 4_000), "L"), ""),
    "a grey photo": ("grey.jpg", lambda: picture("JPEG", mode="L"), ""),
}
