"""Reading content files and hashing what they say."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import yaml
from hypothesis import given
from hypothesis import strategies as st

from timetravelers.kit.content import ContentError, canonical_hash, parse_yaml, read_documents

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(st.characters(exclude_categories=("Cs", "Cc"))),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abcxyz-", max_size=5), inner, max_size=4),
    max_leaves=12,
)


@given(data=PLAIN)
def test_plain_data_survives_yaml(data: Any) -> None:
    assert parse_yaml("x.yaml", yaml.safe_dump(data, allow_unicode=True)) == data


@given(data=st.dictionaries(st.text(max_size=5), PLAIN, min_size=2, max_size=6))
def test_the_hash_knows_no_order_of_keys(data: Any) -> None:
    turned = dict(reversed(list(data.items())))
    assert canonical_hash(data) == canonical_hash(turned)


@given(first=PLAIN, second=PLAIN)
def test_the_hash_differs_where_the_meaning_does(first: Any, second: Any) -> None:
    def text(data: Any) -> str:
        return json.dumps(data, sort_keys=True)

    assert (canonical_hash(first) == canonical_hash(second)) == (text(first) == text(second))


@given(text=st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(ContentError):  # anything else that is raised fails the test
        parse_yaml("x.yaml", text)


def test_a_folder_is_read_in_the_order_of_names(tmp_path: Path) -> None:
    (tmp_path / "schemas").mkdir()
    (tmp_path / "schemas" / "thing.schema.json").write_text('{"type": "object"}')
    (tmp_path / "things").mkdir()
    for name in ("b", "c", "a"):
        (tmp_path / "things" / f"{name}.yaml").write_text(f"name: {name}")
    documents = read_documents(tmp_path, "things", "thing")
    assert [(document.file, document.data["name"]) for document in documents] == [
        ("things/a.yaml", "a"),
        ("things/b.yaml", "b"),
        ("things/c.yaml", "c"),
    ]
    assert len({document.content_hash for document in documents}) == 3
