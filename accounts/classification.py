"""Where an occupation's code puts it in the Standard Occupational Classification."""

from collections.abc import Container


def field_code(occupation: str) -> str:
    """The field, a major group: 15-1211.00 is in 15-0000."""
    return f"{occupation[:2]}-0000"


def group_code(occupation: str, groups: Container[str]) -> str | None:
    """The minor group of an occupation among these, by its code; None if none of them is its.

    A group's code keeps the third digit of its occupations (15-2051.00 is in 15-2000), or where the classification has
    one of four digits, the fourth as well (15-1211.00 is in 15-1200, 31-1121.00 in 31-1100, 51-5111.00 in
    51-5100). The longer one wins; digits after it say nothing (11-9111.00 is in 11-9000).
    """
    candidates = (f"{occupation[:5]}00", f"{occupation[:4]}000")
    return next((code for code in candidates if code in groups), None)
