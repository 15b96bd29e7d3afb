"""The rehearsal mentor: a pure function from a briefing and a conversation to a reply that says it is simulated."""

from mentors.rehearsal.exchange import Exchange, Reply
from mentors.rehearsal.mentor import reply, title_for
from mentors.rehearsal.shapes import empty_value
from mentors.rehearsal.structuring import fill

__all__ = ["Exchange", "Reply", "empty_value", "fill", "reply", "title_for"]
