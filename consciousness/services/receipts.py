"""Receipts of what turns send out."""

from accounts.models import Consent
from consciousness.asking import Parcel
from consciousness.models import Turn
from consciousness.services.remembering import note_use
from mentors.engines import Engine
from mentors.services.egress import record_egress


def note_egress(
    turn: Turn, engine: Engine, consent: Consent, parcel: Parcel, *, endpoint: str, account: int | None
) -> None:
    """Note what the call that is about to be made uses, and write its receipt; an engine of this house gives none."""
    note_use(parcel.memories)
    if engine.recipient is None:
        return
    record_egress(
        consent=consent,
        session=turn.session.uid,
        engine=engine.name,
        recipient=engine.recipient,
        account=account,
        endpoint=endpoint,
        categories=parcel.categories,
        size=parcel.size,
    )
