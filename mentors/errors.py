"""What the mentors room refuses."""

from timetravelers.kit.errors import Conflict, Forbidden, Invalid, NotFound, Unavailable


class TravelerNotFound(NotFound):
    """No such Traveler, or none that people may meet."""

    code = "traveler_not_found"
    title = "There is no such Traveler"


class TravelerInvalid(Invalid):
    """A profile that is not what a Traveler's has to be; `errors` point to each place."""

    code = "traveler_invalid"
    title = "The Traveler's profile is not valid"


class TravelerSlugTaken(Conflict):
    """There is a Traveler of this slug already."""

    code = "traveler_slug_taken"
    title = "There is a Traveler of this slug already"


class TravelerEditedMeanwhile(Conflict):
    """Somebody saved another version while this edit was being written; nothing of it was taken."""

    code = "traveler_edited_meanwhile"
    title = "Somebody else has edited this Traveler in the meantime"


class TravelerUnchanged(Conflict):
    """An edit that changes nothing makes no version."""

    code = "traveler_unchanged"
    title = "Nothing was changed"


class TravelerVersionNotFound(NotFound):
    """The Traveler has no version of this number."""

    code = "traveler_version_not_found"
    title = "There is no such version"


class TravelerVersionFixed(Conflict):
    """Versions are a record: they are neither changed nor deleted."""

    code = "traveler_version_fixed"
    title = "A version is never changed"


class TravelerStateRefused(Conflict):
    """What people have met is no draft again."""

    code = "traveler_state_refused"
    title = "A Traveler that people have met is retired, and not a draft again"


class CurationRefused(Forbidden):
    """Only human mentors and admins curate Travelers."""

    code = "curation_refused"
    title = "Only mentors and admins curate Travelers"


class WebhookRefused(Forbidden):
    """A delivery whose signature does not hold."""

    code = "webhook_refused"
    title = "The signature does not hold"


class WebhookUnverifiable(Unavailable):
    """The key to check the delivery with cannot be had now."""

    code = "webhook_unverifiable"
    title = "The signature cannot be checked right now"


class ManusAccountNotFound(NotFound):
    """No such account at the AI provider."""

    code = "manus_account_not_found"
    title = "There is no such account"


class ManusAccountNameTaken(Conflict):
    """There is an account of this name already."""

    code = "manus_account_name_taken"
    title = "There is an account of this name already"


class ManusKeyUnusable(Invalid):
    """A key is one word of printable ASCII characters; this is not."""

    code = "manus_key_unusable"
    title = "This cannot be a key"


class ManusAccountInvalid(Invalid):
    """An account at the AI provider that cannot be so; `errors` points to what is wrong."""

    code = "manus_account_invalid"
    title = "The account cannot be so"
