"""What the `log_lines` fixture gives: a call to it returns all lines since the test began."""

from collections.abc import Callable
from typing import Any

LogLines = Callable[[], list[dict[str, Any]]]
