"""Small numbers as people write them before units of time: a couple of, about three, 12."""

NUMERALS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "couple": 2, "few": 3, "several": 4, "some": 4, "half": 0.5,
}  # fmt: skip
# A pattern for one of them, with whatever belongs to it.
NUMBER = rf"(?:about |around )?(?:\d{{1,3}}|{'|'.join(NUMERALS)})(?: (?:of|an?))?(?: of)?"


def number_in(said: str) -> float:
    """The number that words or digits name; 1 if they name none."""
    for word in said.split():
        if word.isdigit():
            return float(word)
        if word in NUMERALS and word not in {"a", "an"}:
            return float(NUMERALS[word])
    return 1.0
