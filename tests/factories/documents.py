"""Small files of every kind, harmless and otherwise, made in memory."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

from PIL import Image

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml" ContentType="{main}"/></Types>'
)
DOCUMENT = f'<?xml version="1.0"?><w:document xmlns:w="{WORD}"><w:body>{{body}}</w:body></w:document>'


# PDF --------------------------------------------------------------------------------------------------


def pdf(
    *pages: str, catalog: str = "", more: Sequence[str] = (), before_text: str = "", info: str = "", trailer: str = ""
) -> bytes:
    """A PDF with a line of text on each page; `catalog` goes into its root, `more` are further objects."""
    texts = pages or ("Hello.",)
    first = 4
    kids = " ".join(f"{first + 2 * number} 0 R" for number in range(len(texts)))
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {catalog} >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(texts)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number, text in enumerate(texts):
        shown = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
        lines = " ".join(f"({line}) Tj 0 -14 Td" for line in shown.split("\n"))
        stream = f"BT /F1 12 Tf {before_text} 72 720 Td {lines} ET"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {first + 2 * number + 1} 0 R "
            f"/Resources << /Font << /F1 3 0 R >> >> >>"
        )
        objects.append(f"<< /Length {len(stream.encode('latin-1', 'replace'))} >>\nstream\n{stream}\nendstream")
    return pdf_of([*objects, *more], info=info, trailer=trailer)


def pdf_of(objects: Sequence[str], *, info: str = "", trailer: str = "") -> bytes:
    """A PDF of these objects, the first of which is its root."""
    every = [*objects, *([info] if info else [])]
    body, places = bytearray(b"%PDF-1.7\n"), []
    for number, thing in enumerate(every, 1):
        places.append(len(body))
        body += f"{number} 0 obj\n{thing}\nendobj\n".encode("latin-1", "replace")
    start = len(body)
    body += f"xref\n0 {len(every) + 1}\n0000000000 65535 f \n".encode()
    body += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    told = f"/Info {len(every)} 0 R" if info else ""
    body += f"trailer\n<< /Size {len(every) + 1} /Root 1 0 R {told} {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(body)


# DOCX -------------------------------------------------------------------------------------------------


def paragraph(text: str, properties: str = "") -> str:
    """A paragraph of one run."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    marks = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:p><w:r>{marks}<w:t xml:space="preserve">{escaped}</w:t></w:r></w:p>'


def docx(
    *paragraphs: str,
    body: str = "",
    members: Mapping[str, str | bytes] | None = None,
    relations: str = "",
    main_type: str = MAIN_TYPE,
) -> bytes:
    """A DOCX of these lines; `body` is XML behind them, `members` are further parts, `relations` those of the text."""
    written = "".join(map(paragraph, paragraphs)) + body
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": TYPES.format(main=main_type),
        "_rels/.rels": relationships(relation("officeDocument", "word/document.xml")),
        "word/document.xml": DOCUMENT.format(body=written),
    }
    if relations:
        parts["word/_rels/document.xml.rels"] = relationships(relations)
    return zipped({**parts, **(members or {})})


def relationships(inner: str) -> str:
    """A part that says what belongs to another."""
    return f'<?xml version="1.0"?><Relationships xmlns="{RELATIONS}">{inner}</Relationships>'


def relation(kind: str, target: str, *, external: bool = False) -> str:
    """One relation of a kind of office documents."""
    mode = ' TargetMode="External"' if external else ""
    return f'<Relationship Id="r-{kind}" Type="{OFFICE}/{kind}" Target="{target}"{mode}/>'


def zipped(parts: Mapping[str, str | bytes], *, comment: bytes = b"") -> bytes:
    """An archive of these members."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = comment
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


# Pictures ---------------------------------------------------------------------------------------------


def picture(form: str = "PNG", size: tuple[int, int] = (40, 30), mode: str = "RGB", **options: Any) -> bytes:
    """A plain picture."""
    file = io.BytesIO()
    Image.new(mode, size, 120 if mode == "L" else (10, 120, 200, 255)[: len(mode)]).save(file, form, **options)
    return file.getvalue()


def with_place(form: str = "JPEG") -> bytes:
    """A picture that says where it was taken and which way up it is."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "secret description"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (52.0, 31.0, 12.0)
    return picture(form, (40, 20), exif=exif)
