"""What counts as evidence, and as a word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from missions.evidence import LINK, TEXT, EvidenceRule, Item, count_words, flaws, shortfall

KINDS = (TEXT, LINK)
items = st.lists(st.builds(Item, kind=st.sampled_from(KINDS), content=st.text(max_size=60)), max_size=6)
rules = st.builds(EvidenceRule, kinds=st.frozensets(st.sampled_from(KINDS), min_size=1), min_words=st.integers(0, 20))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        (" \n\t ", 0),
        ("... -- !? ___", 0),
        ("one", 1),
        ("don't stop", 2),
        ("don\u2019t stop", 2),
        ("well-known facts", 2),
        ("4 of 10 said no", 5),
        ("Müller aß Äpfel", 3),
        ("one,two;three", 3),
        ("a - b", 2),
    ],
)
def test_counts_words_as_people_do(text: str, words: int) -> None:
    assert count_words(text) == words


@given(st.lists(st.from_regex(r"[a-z]{1,9}", fullmatch=True)), st.sampled_from([" ", "\n", ", ", " ... "]))
def test_words_are_counted_whatever_stands_between(words: list[str], between: str) -> None:
    assert count_words(between.join(words)) == len(words)


@given(st.text())
def test_any_text_has_a_count(text: str) -> None:
    assert 0 <= count_words(text) <= len(text)


@given(rules, items, st.builds(Item, kind=st.sampled_from(KINDS), content=st.text(max_size=60)))
def test_showing_more_never_undoes_enough(rule: EvidenceRule, shown: list[Item], more: Item) -> None:
    if not shortfall(rule, shown):
        assert not shortfall(rule, [*shown, more])


@given(rules, items)
def test_nothing_is_never_enough_and_all_of_it_is(rule: EvidenceRule, shown: list[Item]) -> None:
    assert shortfall(rule, [])
    plenty = [Item(kind, "word " * rule.min_words) for kind in rule.kinds]
    assert not shortfall(rule, plenty)


@given(st.sampled_from(KINDS), st.text(max_size=200))
def test_judging_never_fails(kind: str, content: str) -> None:
    assert all(flaw.pointer == "/content" for flaw in flaws(Item(kind, content), KINDS))


@pytest.mark.parametrize(
    "link",
    [
        "http://example.org",
        "https://example.org:8443/a/b?c=d&e=%20#f",
        "HTTPS://EXAMPLE.ORG/",
        "https://xn--mller-kva.example/",
        "https://münchen.example/straße",
        "https://[2001:db8::1]/",
    ],
)
def test_takes_web_addresses(link: str) -> None:
    assert not flaws(Item(LINK, link), KINDS)


@pytest.mark.parametrize(
    "link",
    [
        "",
        "example.org",
        "//example.org/",
        "mailto:a@example.org",
        "file:///etc/passwd",
        "data:text/html,x",
        "http:///path",
        "http://:80/",
        "http://example.org:99999/",
        "http://a@example.org/",
        "http://exa mple.org/",
        "http://example.org/\u202egnp.exe",
        "http://example.org/\n",
        "https://example.org/\x00",
    ],
)
def test_refuses_what_is_no_web_address(link: str) -> None:
    assert flaws(Item(LINK, link), KINDS)
