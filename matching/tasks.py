"""Background work of the matching room."""

import structlog
from celery import shared_task

from matching.errors import TooLittleEvidence
from matching.services.learning import propose_weights
from matching.services.sweeping import refresh_stale

log = structlog.get_logger(__name__)


@shared_task(name="matching.refresh_stale")
def refresh_stale_matches() -> int:
    """Refresh a chunk of stale matches, and go on behind while there are more; on a schedule."""
    swept = refresh_stale()
    if swept.is_full and swept.refreshed:
        refresh_stale_matches.apply_async(expires=60)
    return swept.refreshed


@shared_task(name="matching.propose_weights")
def propose_learned_weights() -> int:
    """Draft what feedback says of the weights, for a person to look at; on a schedule."""
    try:
        return propose_weights().number
    except TooLittleEvidence as little:
        log.info("nothing_to_learn_yet", reason=little.detail)
        return 0
