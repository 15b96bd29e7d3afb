"""What counts as something said, decided once for REST and websocket."""

from consciousness.services.messages import MAX_MESSAGE_CHARACTERS
from consciousness.services.rooms import MAX_TURN_TOKENS
from mentors.manus.tokens import estimated_tokens
from timetravelers.kit.errors import FieldError, Invalid
from timetravelers.kit.text import has_control_characters, normalise

TOO_LONG = "This is too long for one message; say it in parts."


def checked_words(text: str) -> str:
    """The text as it will be stored; raises Invalid, pointing at it."""
    words = normalise(text)
    if not words:
        raise _invalid("blank", "Say something.")
    if has_control_characters(words):
        raise _invalid("control_characters", "Control characters are not allowed.")
    if len(words) > MAX_MESSAGE_CHARACTERS:
        raise _invalid("max_length", f"At most {MAX_MESSAGE_CHARACTERS} characters.")
    if is_too_long_for_a_turn(words):
        raise _invalid("max_length", TOO_LONG)
    return words


def is_too_long_for_a_turn(words: str) -> bool:
    """Whether it is more than one call to the provider takes: scripts differ in how much a character holds."""
    return estimated_tokens(words) > MAX_TURN_TOKENS


def _invalid(code: str, detail: str) -> Invalid:
    return Invalid("The message cannot be taken as it is.", errors=(FieldError("/data/text", code, detail),))
