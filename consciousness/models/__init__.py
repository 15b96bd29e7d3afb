"""Sessions, what was said in them, the turns that fetch replies, and the log of all that happened."""

from consciousness.models.events import SessionEvent
from consciousness.models.messages import Message
from consciousness.models.ratings import Rating
from consciousness.models.readings import Reading
from consciousness.models.reminders import Reminder
from consciousness.models.sessions import Session
from consciousness.models.turns import Turn

__all__ = ["Message", "Rating", "Reading", "Reminder", "Session", "SessionEvent", "Turn"]
