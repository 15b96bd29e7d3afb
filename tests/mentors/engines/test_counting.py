"""The bound on tokens: held against real tokenisers, with what people say and with the worst that anybody can send."""

import base64
import random
import re
from functools import cache

import pytest
import splintr
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mentors.engines import most_tokens
from mentors.engines.counting import WORDS
from mentors.manus.tokens import estimated_tokens
from timetravelers.env import BASE_DIR

TOKENISERS = ("cl100k_base", "o200k_base", "llama3", "mistral_v3", "deepseek_v3", "qwen3", "gemma3", "glm4")
DICE = random.Random(7)  # noqa: S311 - the same texts in every run
KNOWN = [word for line in WORDS.read_text(encoding="utf-8").splitlines() for word in line[2:].split()]


@cache
def tokeniser(name: str) -> splintr.AnyTokenizer:
    return splintr.Tokenizer.from_pretrained(name)


def dearest(text: str) -> int:
    """What the text costs with the tokeniser that makes most of it."""
    return max(len(tokeniser(name).encode(text)) for name in TOKENISERS)


def any_of(first: int, last: int, number: int = 300) -> str:
    return "".join(chr(DICE.randint(first, last)) for _ in range(number))


WORST = {
    "emoji": any_of(0x1F300, 0x1FAFF),
    "families": "\U0001f469\u200d\U0001f469\u200d\U0001f467\U0001f3ff\ufe0f" * 40,
    "flags": any_of(0x1F1E6, 0x1F1FF),
    "chinese": any_of(0x4E00, 0x9FFF),
    "rare chinese": any_of(0x20000, 0x2A6DF),
    "korean": any_of(0xAC00, 0xD7A3),
    "yi": any_of(0xA000, 0xA48C),
    "tibetan": any_of(0x0F00, 0x0F47),
    "armenian": any_of(0x0531, 0x0587),
    "arabic": any_of(0x0620, 0x06FF),
    "base64": base64.b64encode(DICE.randbytes(900)).decode(),
    "hex": DICE.randbytes(400).hex(),
    "letters": "".join(DICE.choices("qxzjkvwQXZJ", k=600)),
    "short nonsense": " ".join("".join(DICE.choices("qxzjkvw", k=5)) for _ in range(150)),
    "control": any_of(0x01, 0x1F),
    "c1": any_of(0x80, 0x9F),
    "marks": "".join(f"{one}{any_of(0x300, 0x36F, 8)}" for one in "he comes for the words that you know"),
    "marked words": " ".join(f"{word}\u0301" for word in KNOWN[:200]),
    "private": any_of(0xE000, 0xF8FF),
    "tags": any_of(0xE0020, 0xE007E),
    "blanks": " \n\t  \r\n \n" * 60,
    "tabbed": "\ta \tb" * 100,
    "digits": "".join(DICE.choices("0123456789", k=600)),
    "signs": "".join(DICE.choices("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", k=600)),
    "addresses": "https://ex.co/aB3_x?q=9&z=%20%3F " * 30,
    "special": "<|endoftext|><|im_start|>[INST]</s>" * 20,
    "expanding": "\ufdfa\ufb03" * 100,
    "glued words": "".join(KNOWN[:300]),
    "words with digits": "".join(f"{word}7" for word in KNOWN[:300]),
    "CAPITALS": " ".join(word.upper() for word in KNOWN[:300]),
    "Camels": "".join(word.capitalize() for word in KNOWN[:300]),
}
PIECES = st.sampled_from([*DICE.sample(KNOWN, 1_000), *" .,!?'\"-()/\n\t:;_7x\xe9\u0301\u200d\u2019\u201c\u6211"])


@pytest.mark.parametrize("name", WORST)
def test_the_worst_is_within_the_bound(name: str) -> None:
    text = WORST[name]
    assert dearest(text) <= most_tokens(text)


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_is(text: str) -> None:
    assert dearest(text) <= most_tokens(text)


@settings(deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join))
@example("The\nman's, (words): \u201cthe\u201d the")
def test_whatever_is_made_of_words_is(text: str) -> None:
    assert dearest(text) <= most_tokens(text)


SAMPLE = DICE.sample(KNOWN, 800)


def test_every_word_costs_what_the_list_says_wherever_it_stands() -> None:
    for word in SAMPLE:
        for text in (word, f" {word}", f"\n{word}", f"({word})", word.capitalize(), f"- {word.capitalize()}: {word}."):
            assert dearest(text) <= most_tokens(text), repr(text)


@pytest.mark.parametrize("path", ["README.md", "docs/adr/0009-what-was-said-is-summed-up-by-rules.md"])
def test_of_prose_it_is_not_far_above(path: str) -> None:
    """Without code and tables, which cost up to twice as much by the bound as in truth."""
    lines = (BASE_DIR / path).read_text(encoding="utf-8").splitlines()
    text = "\n".join(line for line in lines if re.match(r"[A-Z][a-z]", line) and "`" not in line)
    assert most_tokens(text) <= 1.6 * dearest(text)


@given(st.lists(st.text(max_size=80).map(lambda text: f"{text}\n"), max_size=6))
def test_texts_put_together_cost_no_more_than_each_by_itself(texts: list[str]) -> None:
    assert most_tokens("".join(texts)) <= sum(map(most_tokens, texts))


@given(st.text())
def test_it_is_never_below_the_providers_own_estimate(text: str) -> None:
    assert most_tokens(text) >= estimated_tokens(text)


def test_halves_of_characters_cost_something() -> None:
    assert most_tokens("\ud800" * 10) >= 10
    assert most_tokens("") == 0
