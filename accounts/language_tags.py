"""Language tags after BCP 47 (RFC 5646), in their canonical case."""

import re

MAX_LENGTH = 35  # what RFC 5646 asks everybody to have room for

# Language with extended languages, script, region, variants, extensions, private use; neither tags that are
# private as a whole nor the irregular ones from before.
_TAG = re.compile(
    r"(?P<language>[a-z]{2,3}(?:-[a-z]{3}){0,3})"
    r"(?:-(?P<script>[a-z]{4}))?"
    r"(?:-(?P<region>[a-z]{2}|[0-9]{3}))?"
    r"(?P<variants>(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*)"
    r"(?P<extensions>(?:-[0-9a-wyz](?:-[a-z0-9]{2,8})+)*)"
    r"(?P<private>-x(?:-[a-z0-9]{1,8})+)?"
)
_SINGLETON = re.compile(r"-([0-9a-wyz])(?=-)")


def canonical_tag(text: str) -> str | None:
    """The tag with language in small letters, Script in title case and REGION in capitals; None if it is no tag.

    Well-formedness is checked, as the RFC defines it: subtags are not looked up in the registry.
    """
    if len(text) > MAX_LENGTH or not text.isascii():
        return None
    found = _TAG.fullmatch(text.lower())
    if found is None or _repeats(found["variants"].split("-")[1:]) or _repeats(_SINGLETON.findall(found["extensions"])):
        return None
    script, region = found["script"], found["region"]
    parts = [found["language"], script.title() if script else "", region.upper() if region else ""]
    return "-".join(part for part in parts if part) + found["variants"] + found["extensions"] + (found["private"] or "")


def _repeats(subtags: list[str]) -> bool:
    return len(set(subtags)) != len(subtags)
