"""Checking a delivery at one go, as the house does in two steps."""

from typing import Any

from mentors.manus.signature import check_proof, read_proof


def verify(public_key_pem: str, **delivery: Any) -> None:
    """Return when the delivery is genuine and fresh; raises what `read_proof` and `check_proof` raise."""
    check_proof(public_key_pem, read_proof(**delivery))
