"""Why nobody runs into the constraints of the kit's own table."""

from timetravelers.kit.constraints import internal_constraints


def register() -> None:
    """Called when the app is ready."""
    internal_constraints(
        "An advisory lock on the key lets one request in at a time, which looks for an answer first.",
        "idempotent_answer_once",
    )
    internal_constraints(
        "The route and the status are the house's own; the key is checked when it is read.",
        "idempotent_answer_named",
        "idempotent_answer_status_range",
    )
