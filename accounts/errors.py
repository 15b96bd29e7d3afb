"""What the accounts room refuses, each with its stable code."""

from timetravelers.kit.errors import Forbidden, Invalid


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
