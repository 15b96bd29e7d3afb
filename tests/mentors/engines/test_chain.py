"""The order in which engines are asked, and what the port promises of each."""

from collections.abc import Iterator

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from mentors.engines import Ask, Conversation, Exchange, configured_chain, engine_named, following, read_conversation
from mentors.engines.chain import engines
from mentors.engines.manus import translated
from mentors.engines.port import AnswerState, Trouble
from mentors.engines.rehearsal import RehearsalEngine
from mentors.manus import errors

NAMES = st.lists(st.sampled_from("abcdef"), unique=True)


@pytest.fixture
def _fresh() -> Iterator[None]:
    engines.cache_clear()
    yield
    engines.cache_clear()


@given(NAMES, st.sampled_from("abcdefg"))
def test_who_follows(chain: list[str], name: str) -> None:
    rest = following(chain, name)
    assert name not in rest
    assert rest == (chain[len(chain) - len(rest) :] if name in chain else chain)
    assert name not in chain or chain.index(name) == len(chain) - len(rest) - 1


@pytest.mark.usefixtures("_fresh")
def test_the_chain_of_the_settings(settings: Settings) -> None:
    settings.ENGINE_CHAIN = ["manus", "rehearsal"]
    assert configured_chain() == ["manus", "rehearsal"]
    assert engine_named("openai") is None
    settings.OPENAI = {"base_url": "http://127.0.0.1:8080/v1", "model": "m"}
    settings.ENGINE_CHAIN = ["openai"]
    engines.cache_clear()
    assert configured_chain() == ["openai"]
    assert engine_named("openai") is not None


@pytest.mark.usefixtures("_fresh")
@pytest.mark.parametrize("chain", [[], ["openai"], ["manus", "manus"], ["somebody"]])
def test_chains_that_make_no_sense(settings: Settings, chain: list[str]) -> None:
    settings.ENGINE_CHAIN = chain
    with pytest.raises(ImproperlyConfigured, match="ENGINE_CHAIN"):
        configured_chain()


def test_a_stand_in_stays_in_the_house_and_says_what_it_is() -> None:
    engine = RehearsalEngine()
    ask = Ask("mark", "mark", "How do I begin?", "", [Exchange("Hello.", "Hello.")])
    first, again = (engine.begin(ask, Conversation(), lambda _o, _t: None).answer for _ in range(2))
    assert first == again
    assert first is not None
    assert (first.state, first.simulated) == (AnswerState.REPLIED, True)
    assert (engine.is_stand_in, engine.recipient, engine.is_usable()) == (True, None, True)


@given(st.none() | st.integers(1, 10**9), st.text(max_size=50))
def test_conversations_can_be_written_down(account: int | None, task: str) -> None:
    conversation = Conversation(account, task)
    assert read_conversation(str(conversation)) == conversation


def test_a_bare_task_is_of_an_unknown_account() -> None:
    assert read_conversation("T1") == Conversation(None, "T1")
    assert read_conversation("x/T1") == Conversation(None, "T1")


@pytest.mark.parametrize(
    ("problem", "trouble", "ambiguous"),
    [
        (errors.Throttled(endpoint="e"), Trouble.BUSY, False),
        (errors.RateLimited(endpoint="e"), Trouble.BUSY, False),
        (errors.NotFound(endpoint="e"), Trouble.LOST, False),
        (errors.NotVisibleYet(endpoint="e"), Trouble.DOWN, False),
        (errors.InvalidRequest(endpoint="e"), Trouble.BAD_WORDS, False),
        (errors.Authentication(endpoint="e"), Trouble.SHUT, False),
        (errors.NoAccount(endpoint="e"), Trouble.SHUT, False),
        (errors.PermissionDenied(endpoint="e"), Trouble.SHUT, False),
        (errors.QuotaExceeded(endpoint="e"), Trouble.SPENT, False),
        (errors.CircuitOpen(endpoint="e"), Trouble.BUSY, False),
        (errors.Precondition(endpoint="e"), Trouble.DOWN, False),
        (errors.Timeout(endpoint="e", ambiguous=True), Trouble.DOWN, True),
        (errors.InvalidAnswer(endpoint="e", ambiguous=True), Trouble.DOWN, True),
    ],
)
def test_what_manus_errors_mean(problem: errors.ManusError, trouble: Trouble, *, ambiguous: bool) -> None:
    error = translated(problem)
    assert (error.trouble, error.ambiguous) == (trouble, ambiguous)
