"""What is made of files, in the process that looks into them: every bad one is refused for its reason."""

from pathlib import Path

import pytest

from consciousness.vetting.__main__ import judge
from tests.consciousness.files.bad import BAD
from tests.consciousness.files.good import GOOD


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_is_refused_for_its_reason(case: str, tmp_path: Path) -> None:
    name, body, reason = BAD[case]
    place = tmp_path / "body"
    place.write_bytes(body())
    assert judge(place, name, tmp_path) == {"refused": reason}


@pytest.mark.parametrize("case", GOOD)
def test_a_harmless_one_passes_and_can_be_read(case: str, tmp_path: Path) -> None:
    name, body, text = GOOD[case]
    place = tmp_path / "body"
    place.write_bytes(body())
    found = judge(place, name, tmp_path)["found"]
    assert isinstance(found, dict)
    assert text in found["text"]
