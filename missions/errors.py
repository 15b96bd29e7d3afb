"""What the missions room refuses."""

from timetravelers.kit.errors import Conflict, Invalid, NotFound


class MissionNotFound(NotFound):
    """No such mission, or somebody else's."""

    code = "mission_not_found"
    title = "There is no such mission"


class MissionWrongState(Conflict):
    """The mission has moved on, or is not there yet."""

    code = "mission_wrong_state"
    title = "The mission is not in a state that allows this"


class EvidenceInvalid(Invalid):
    """What was shown is not something this mission takes."""

    code = "evidence_invalid"
    title = "This evidence cannot be taken"


class EvidenceMissing(Invalid):
    """What was shown so far does not fulfil the mission's rule."""

    code = "evidence_missing"
    title = "The evidence is not complete yet"


class EvidenceFull(Conflict):
    """Enough is enough."""

    code = "evidence_full"
    title = "This mission has all the evidence it can hold"


class MissionProposalNotFound(NotFound):
    """No such proposal, or somebody else's."""

    code = "mission_proposal_not_found"
    title = "There is no such proposal"


class MissionProposalWrongState(Conflict):
    """It is over."""

    code = "mission_proposal_wrong_state"
    title = "The proposal is not in a state that allows this"
