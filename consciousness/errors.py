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
