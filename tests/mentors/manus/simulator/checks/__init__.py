"""Checks of the committed fault scripts, each on a simulator whose clock stands still."""

from tests.mentors.manus.simulator.checks import calls, uploads, webhooks, work
from tests.mentors.manus.simulator.checks.registry import CHECKS

__all__ = ["CHECKS", "calls", "uploads", "webhooks", "work"]
