"""A process that has just started, as far as its memory goes."""

from accounts.authentication import accounts
from accounts.signing import key_ring
from accounts.tokens import read_access
from consciousness.selectors import shelves
from matching.catalogue import catalogue
from matching.taxonomy import taxonomy
from mentors.manus.accounts import forget as forget_manus_accounts
from tests.clean import clear_valkey
from timetravelers.kit import health
from timetravelers.kit.api import throttles


def forget_everything() -> None:
    """Neither rows, tokens nor answers are remembered, here or in Valkey."""
    clear_valkey()
    throttles.window.cache_clear()
    accounts.clear()
    read_access.cache_clear()
    key_ring.cache_clear()
    forget_manus_accounts()
    catalogue.clear()
    shelves._shelves.clear()
    taxonomy.clear()
    health._migrated = False
