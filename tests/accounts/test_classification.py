"""Which minor group an occupation's code is in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.classification import field_code, group_code

GROUPS = {"15-1200", "15-2000", "31-1100", "51-5100", "51-9000", "11-9000", "29-1000"}
digits = st.integers(min_value=0, max_value=9999).map(lambda number: f"{number:04}")
codes = st.builds("{}-{}.00".format, st.integers(min_value=11, max_value=55), digits)


@pytest.mark.parametrize(
    ("occupation", "group"),
    [
        ("15-1211.00", "15-1200"),
        ("15-2051.01", "15-2000"),
        ("31-1121.00", "31-1100"),
        ("51-5112.00", "51-5100"),
        ("51-9191.00", "51-9000"),
        ("11-9111.00", "11-9000"),
        ("29-1229.02", "29-1000"),
        ("15-1111.00", None),
        ("99-9999.00", None),
    ],
)
def test_the_longer_code_wins(occupation: str, group: str | None) -> None:
    assert group_code(occupation, GROUPS) == group


@given(occupation=codes, groups=st.sets(digits.map(lambda number: f"15-{number[:2]}00")))
def test_a_group_is_known_and_begins_like_its_occupation(occupation: str, groups: set[str]) -> None:
    found = group_code(occupation, groups)
    assert found is None or (found in groups and found[:4] == occupation[:4])


def test_a_field_is_the_first_two_digits() -> None:
    assert field_code("15-1211.00") == "15-0000"
