"""What the accounts room refuses, each with its stable code."""

from timetravelers.kit.errors import Conflict, Forbidden, Invalid, NotFound


class ConsentRequired(Forbidden):
    """Nothing of this person may leave the house before they allow it."""

    code = "consent_required"
    title = "Your permission is needed first"


class ConsentVersionStale(Invalid):
    """The person was shown another wording than the current one."""

    code = "consent_version_stale"
    title = "The wording has changed; please read the current one"


class UnknownTaxonomyEntry(Invalid):
    """An occupation or a skill that the taxonomy does not hold."""

    code = "unknown_taxonomy_entry"
    title = "This is not in our taxonomy"


class RetiredTaxonomyEntry(Invalid):
    """An occupation or a skill that O*NET has no more: who has it keeps it, and nobody chooses it anew."""

    code = "retired_taxonomy_entry"
    title = "This is no longer in our taxonomy"


class UnknownItem(Invalid):
    """An answer to a line that this assessment does not ask."""

    code = "unknown_item"
    title = "There is no such line in this assessment"


class AssessmentFinished(Conflict):
    """Answers of a finished assessment stay as they are; a new one may be begun."""

    code = "assessment_finished"
    title = "This assessment is finished"


class AssessmentTooShort(Conflict):
    """No axis has enough answers to say anything."""

    code = "assessment_too_short"
    title = "Please answer some more lines first"


class StepUpRequired(Forbidden):
    """What was asked for wants proof, not older than some minutes, that it is still the same person."""

    code = "step_up_required"
    title = "Please confirm that it is you"


class SignInNotFound(NotFound):
    """The caller is signed in nowhere under this id."""

    code = "sign_in_not_found"
    title = "You are not signed in there"


class RecordsFull(Conflict):
    """There is an end to every list."""

    code = "records_full"
    title = "This list is full"


class RecordInconsistent(Invalid):
    """The parts of a record do not go together."""

    code = "record_inconsistent"
    title = "These do not go together"


class SkillListedTwice(Conflict):
    """The person's skills hold it already."""

    code = "skill_listed_twice"
    title = "This skill is in the list already"


class OrderStale(Conflict):
    """The order names other records than there are now."""

    code = "order_stale"
    title = "The list has changed; read it again"


class PictureUnsupported(Invalid):
    """Neither a JPEG nor a PNG nor a WebP, whatever it calls itself."""

    code = "picture_unsupported"
    title = "Send a JPEG, PNG or WebP picture"


class PictureDimensions(Invalid):
    """More pixels than anybody needs, or than we care to unpack."""

    code = "picture_dimensions"
    title = "The picture has too many pixels"


class PictureAnimated(Invalid):
    """A face does not flicker."""

    code = "picture_animated"
    title = "Send a picture that does not move"


class PictureBroken(Invalid):
    """It begins like a picture and cannot be read to its end."""

    code = "picture_broken"
    title = "The picture cannot be read"


class DeletionNotFound(NotFound):
    """No deletion has this receipt."""

    code = "deletion_not_found"
    title = "There is no such receipt"


class ExportNotFound(NotFound):
    """The caller has asked for no such export."""

    code = "export_not_found"
    title = "There is no such export"


class ExportNotReady(Conflict):
    """The export is being made, or has failed, or was thrown away after its week."""

    code = "export_not_ready"
    title = "This export cannot be downloaded"


class RoleChangeRefused(Forbidden):
    """Roles are given by admins, to others, and not above what they hold themselves."""

    code = "role_change_refused"
    title = "You may not change this role"


class EmailTaken(Conflict):
    """Somebody else has an account with this address."""

    code = "email_taken"
    title = "This address cannot be used"


class ProfileOutOfRange(Invalid):
    """A figure of the profile that cannot be; `errors` points to it."""

    code = "profile_out_of_range"
    title = "The profile cannot hold this"
