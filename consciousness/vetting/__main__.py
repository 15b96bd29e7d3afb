"""The process that looks into one file: `python -m consciousness.vetting FILE NAME FOLDER`.

Whatever it finds it writes into the folder, as `answer.json` at last. A file that kills it is refused.
"""

import json
import sys
from dataclasses import asdict
from pathlib import Path

from consciousness.vetting import documents, pdfs, pictures, texts
from consciousness.vetting.confinement import confine
from consciousness.vetting.kinds import DOCX, PICTURES, TEXTS, sniff
from consciousness.vetting.layout import ANSWER, CLEAN, THUMBNAIL
from consciousness.vetting.verdicts import Found, Reason, Unacceptable


def look(path: Path, name: str, folder: Path) -> Found:
    """What is in the file; raises Unacceptable, and whatever parsers of hostile bytes raise."""
    media_type = sniff(path, name)
    if media_type in TEXTS:
        return texts.look(path, media_type)
    if media_type in PICTURES:
        return pictures.look(path, media_type, folder / CLEAN, folder / THUMBNAIL)
    return documents.look(path, media_type) if media_type == DOCX else pdfs.look(path, media_type)


def judge(path: Path, name: str, folder: Path) -> dict[str, object]:
    """The answer, whatever happens."""
    try:
        return {"found": asdict(look(path, name, folder))}
    except Unacceptable as refusal:
        return {"refused": refusal.reason.code}
    except (MemoryError, RecursionError):
        return {"refused": Reason.TOO_COMPLEX.code}
    except Exception:  # noqa: BLE001 - parsers of hostile bytes raise what they like
        return {"refused": Reason.DAMAGED.code}


def main() -> None:
    path, name, folder = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
    confine(folder, path)
    answer = json.dumps(judge(path, name, folder))
    (folder / ANSWER).write_text(answer, encoding="utf-8")


if __name__ == "__main__":
    main()
