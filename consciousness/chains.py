"""Which engines a session asks, in which order, and whether they may be asked at all."""

from collections.abc import Iterator

from accounts.models import Consent
from accounts.wording import current_consents
from consciousness.models import Session, Turn
from mentors.engines import Engine, configured_chain, engine_named, following


def chain_of(session: Session) -> list[str]:
    """The order that was pinned when the session was opened; for older ones, that of the settings."""
    return session.engine_chain or configured_chain()


def name_of_engine(turn: Turn) -> str:
    """Whose turn it is to answer."""
    return turn.engine or chain_of(turn.session)[0]


def first_engine(chain: list[str]) -> Engine | None:
    """Who is asked first of all in a session with this chain; None if that engine is not configured any longer."""
    return engine_named((chain or configured_chain())[0])


def engine_of(turn: Turn) -> Engine | None:
    """The same; None if that engine is not configured any longer."""
    return engine_named(name_of_engine(turn))


def takers_of(turn: Turn) -> Iterator[Engine]:
    """Who may take over, in order, and can be asked now."""
    for name in following(chain_of(turn.session), name_of_engine(turn)):
        engine = engine_named(name)
        if engine is not None and may_be_told(engine) and engine.is_usable():
            yield engine


def may_be_told(engine: Engine) -> bool:
    """Whether the wording that people consent to names whoever gets to see their words."""
    if engine.recipient is None:
        return True
    wording = current_consents().get(Consent.Purpose.AI_PROVIDER)
    return wording is not None and engine.recipient.casefold() in wording.provider.casefold()
