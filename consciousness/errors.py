"""What can go wrong in a session."""

from timetravelers.kit.errors import Conflict, Invalid, NotFound, TooLarge


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


class FileNotFound(NotFound):
    """No such file, or it is somebody else's."""

    code = "file_not_found"
    title = "There is no such file"


class FileNameUnusable(Invalid):
    """A name that is a path, is empty, or has no ending that is taken."""

    code = "file_name_unusable"
    title = "This name cannot be used for a file"


class FileEmpty(Invalid):
    """Nothing in it."""

    code = "file_empty"
    title = "This file is empty"


class FileTooLarge(TooLarge):
    """Larger than a file may be."""

    code = "file_too_large"
    title = "This file is too large"


class FileQuotaReached(Conflict):
    """The person has no room for it."""

    code = "file_quota_reached"
    title = "Delete some of your files first"


class FileOffsetWrong(Conflict):
    """The piece does not follow what has come in so far; the problem tells how far that is."""

    code = "file_offset_wrong"
    title = "This piece does not follow what has come in so far"


class FileWrongState(Conflict):
    """All of it has come in, or it is not there to be fetched yet."""

    code = "file_wrong_state"
    title = "The file is not in a state that allows this"


class FileNotReady(Conflict):
    """It has not come in whole, or has not been checked yet."""

    code = "file_not_ready"
    title = "This file has not been checked yet"


class FileRefused(Conflict):
    """It was checked and refused; the problem tells why."""

    code = "file_refused"
    title = "This file was refused"


class FileTaken(Conflict):
    """It was sent with another message."""

    code = "file_taken"
    title = "This file was sent with another message"


class TooManyFiles(Invalid):
    """More files than one message holds, or one of them twice."""

    code = "too_many_files"
    title = "A message holds at most ten different files"


class FileLinkExpired(NotFound):
    """The address was good for a few minutes, and they are over, or it was never one of ours."""

    code = "file_link_expired"
    title = "This address is not good any more; ask for a new one"


class FileTypeNotTaken(Invalid):
    """A kind of file that the house does not take."""

    code = "file_type_not_taken"
    title = "This kind of file is not taken"


class MemoryNotFound(NotFound):
    """No such memory, or it is somebody else's."""

    code = "memory_not_found"
    title = "There is no such memory"


class MemoryKnown(Conflict):
    """Another memory says the same."""

    code = "memory_known"
    title = "This is remembered already"


class NothingToTell(NotFound):
    """What is to be pinned or excluded is not there."""

    code = "context_target_not_found"
    title = "There is nothing like that to tell a mentor"


class TooManyMarks(Conflict):
    """More is pinned and excluded than the house keeps for one session."""

    code = "too_many_marks"
    title = "Release something first"


class SessionNotEnded(Conflict):
    """It is looked back on when it is over."""

    code = "session_not_ended"
    title = "This session has not ended"


class ReflectionUnderWay(Conflict):
    """The session is being looked back on."""

    code = "reflection_under_way"
    title = "This session is being looked back on already"


class InsightNotFound(NotFound):
    """No such insight, or it is somebody else's."""

    code = "insight_not_found"
    title = "There is no such insight"


class InsightKnown(Conflict):
    """Another insight of the session says so in the same words."""

    code = "insight_known"
    title = "Another insight of this session says the same"


class ReflectionNotFound(NotFound):
    """Nobody looks back at this session: it goes on, or nothing was said in it."""

    code = "reflection_not_found"
    title = "This session has not been looked back on"


class TranscriptTooLong(Conflict):
    """More was said than is laid out in pages at once."""

    code = "transcript_too_long"
    title = "This session is too long for a PDF; take it as Markdown or JSON"
