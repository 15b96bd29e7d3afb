"""What the mentors room refuses."""

from timetravelers.kit.errors import Forbidden, NotFound, Unavailable


class TravelerNotFound(NotFound):
    """No such Traveler, or none that people may meet."""

    code = "traveler_not_found"
    title = "There is no such Traveler"


class WebhookRefused(Forbidden):
    """A delivery whose signature does not hold."""

    code = "webhook_refused"
    title = "The signature does not hold"


class WebhookUnverifiable(Unavailable):
    """The key to check the delivery with cannot be had now."""

    code = "webhook_unverifiable"
    title = "The signature cannot be checked right now"
