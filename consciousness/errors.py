"""What can go wrong in a session."""

from timetravelers.kit.errors import Conflict, Invalid, NotFound


class SessionNotFound(NotFound):
    """No such session, or it is somebody else's."""

    code = "session_not_found"
    title = "There is no such session"


class SessionEnded(Conflict):
    """Nothing more can be said in it."""

    code = "session_ended"
    title = "This session has ended"


class SessionNotOpen(Conflict):
    """It has not begun."""

    code = "session_not_open"
    title = "This session has not begun"


class TooManyScheduled(Conflict):
    """More sessions are to come than the house keeps for one person."""

    code = "too_many_scheduled"
    title = "Hold or cancel some of your scheduled sessions first"


class NoMatch(Conflict):
    """TELL has nothing to say about this Traveler."""

    code = "no_match"
    title = "This Traveler was not proposed to you"


class SessionTooEarly(Conflict):
    """It may be opened only shortly before its time."""

    code = "session_too_early"
    title = "It is too early to open this session"


class SessionWrongState(Conflict):
    """The session is past the point where this is possible, or not there yet."""

    code = "session_wrong_state"
    title = "The session is not in a state that allows this"


class TurnNotFound(NotFound):
    """No such turn in this session."""

    code = "turn_not_found"
    title = "There is no such turn"


class TurnWrongState(Conflict):
    """The turn is past the point where this is possible."""

    code = "turn_wrong_state"
    title = "The turn is not in a state that allows this"


class QueueFull(Conflict):
    """More is waiting to be sent than the house keeps for one session."""

    code = "queue_full"
    title = "Wait for the reply before you say more"


class ClientIdReused(Invalid):
    """The client id was used for another text before."""

    code = "client_id_reused"
    title = "This client id was used for another message"


class SessionBusy(Conflict):
    """A reply is on its way, or words wait to be sent: the branch cannot change under them."""

    code = "session_busy"
    title = "Wait for the reply, or cancel it first"


class TurnNotLast(Conflict):
    """The conversation has gone on since, or looks at another branch."""

    code = "turn_not_last"
    title = "Only the last turn of the branch in view can get another reply"


class TurnOffBranch(Conflict):
    """The turn is on a branch that nobody looks at."""

    code = "turn_off_branch"
    title = "Switch to the branch of this turn first"


class MessageNotFound(NotFound):
    """No such message in this session."""

    code = "message_not_found"
    title = "There is no such message"


class NotAReply(Conflict):
    """What people say themselves is neither chosen nor rated."""

    code = "not_a_reply"
    title = "This is not a reply of the Traveler"


class NothingToRate(Conflict):
    """The Traveler has not said anything yet."""

    code = "nothing_to_rate"
    title = "The Traveler has not said anything yet"


class NotRated(NotFound):
    """There is no rating of the caller's."""

    code = "not_rated"
    title = "You have not rated this"
