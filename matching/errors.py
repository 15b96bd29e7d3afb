"""What the matching room refuses."""

from timetravelers.kit.errors import Conflict, Forbidden, Invalid, NotFound


class MatchNotFound(NotFound):
    """No such match, or somebody else's."""

    code = "match_not_found"
    title = "There is no such match"


class MatchWrongState(Conflict):
    """The match was decided on already."""

    code = "match_wrong_state"
    title = "The match is not in a state that allows this"


class TravelerBlocked(Conflict):
    """The person does not want to be matched with the Traveler."""

    code = "traveler_blocked"
    title = "This Traveler is blocked"


class MatchingStaffOnly(Forbidden):
    """Only some may match by hand or change weights."""

    code = "matching_staff_only"
    title = "Only staff may do this with matches"


class PersonNotFound(NotFound):
    """Nobody of that name to match."""

    code = "match_person_not_found"
    title = "There is no such person"


class AlgorithmNotFound(NotFound):
    """No such version of the weights."""

    code = "algorithm_not_found"
    title = "There is no such version of the weights"


class AlgorithmWrongState(Conflict):
    """The version is live, was never live, or is for another scoring."""

    code = "algorithm_wrong_state"
    title = "This version of the weights is not in a state that allows this"


class WeightsInvalid(Invalid):
    """These weights would not make a score of 0 to 100."""

    code = "weights_invalid"
    title = "These weights cannot be taken"


class TooLittleEvidence(Conflict):
    """There is nothing to learn from yet."""

    code = "too_little_evidence"
    title = "There is too little feedback to learn from"


class NotJudged(NotFound):
    """Nothing was said of the match."""

    code = "match_not_judged"
    title = "You have not said what you think of this match"
