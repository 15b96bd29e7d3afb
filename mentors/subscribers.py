"""What the mentors room does for others: it takes back what was sent to Manus."""

from accounts.services import performs
from mentors.services.erasure import TASK, TITLE, delete_task, delete_task_by_title


def connect() -> None:
    """Offer it; called when the app is ready."""
    performs(TASK, delete_task)
    performs(TITLE, delete_task_by_title)
