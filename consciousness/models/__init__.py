"""Sessions, what was said in them, the turns that fetch replies, and the log of all that happened."""

from consciousness.models.context import ContextMark
from consciousness.models.events import SessionEvent
from consciousness.models.files import Extract, File, FileCopy, Remnant
from consciousness.models.insights import Confidence, Insight, InsightSource
from consciousness.models.memories import Memory, MemorySource
from consciousness.models.messages import Message
from consciousness.models.passages import Passage
from consciousness.models.ratings import Rating
from consciousness.models.readings import Reading
from consciousness.models.reflections import Reflection
from consciousness.models.reminders import Reminder
from consciousness.models.sessions import Session
from consciousness.models.summaries import SummaryLine, SummaryPart
from consciousness.models.tallies import CrisisTally
from consciousness.models.turns import Turn

__all__ = [
    "Confidence",
    "ContextMark",
    "CrisisTally",
    "Extract",
    "File",
    "FileCopy",
    "Insight",
    "InsightSource",
    "Memory",
    "MemorySource",
    "Message",
    "Passage",
    "Rating",
    "Reading",
    "Reflection",
    "Reminder",
    "Remnant",
    "Session",
    "SessionEvent",
    "SummaryLine",
    "SummaryPart",
    "Turn",
]
