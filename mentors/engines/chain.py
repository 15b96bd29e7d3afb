"""The chain of engines: who is asked first, and who takes over from whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from mentors.engines.manus import MANUS, ManusEngine
from mentors.engines.openai import OPENAI, OpenAiEngine, configured_endpoint
from mentors.engines.port import Engine
from mentors.engines.rehearsal import REHEARSAL, RehearsalEngine


@cache
def engines() -> Mapping[str, Engine]:
    """Every engine that is configured, by name."""
    known: dict[str, Engine] = {MANUS: ManusEngine(), REHEARSAL: RehearsalEngine()}
    endpoint = configured_endpoint()
    if endpoint is not None:
        known[OPENAI] = OpenAiEngine(endpoint)
    return known


def engine_named(name: str) -> Engine | None:
    """The engine of this name; None if it is not configured (any longer)."""
    return engines().get(name)


def configured_chain() -> list[str]:
    """The order of the settings, for sessions that are opened now.

    Raises ImproperlyConfigured if it is empty, names an engine that is not there, or names one twice.
    """
    chain = list(settings.ENGINE_CHAIN)
    unknown = [name for name in chain if name not in engines()]
    if not chain or unknown or len(set(chain)) < len(chain):
        raise ImproperlyConfigured(f"ENGINE_CHAIN: name each engine once, out of {', '.join(engines())}.")
    return chain


def following(chain: Sequence[str], name: str) -> list[str]:
    """Who may take over from `name`, in order; everybody if `name` is not in the chain."""
    return list(chain[chain.index(name) + 1 :]) if name in chain else list(chain)
