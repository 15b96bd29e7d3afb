"""What figures were measured on; nothing that names a machine or a person."""

import os
import platform
from importlib.metadata import distributions
from pathlib import Path
from typing import Any


def facts() -> dict[str, Any]:
    """Processor, Python and the version of every installed package, ready for JSON."""
    return {
        "cores": os.cpu_count(),
        "processor": _processor(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "packages": dict(sorted((found.name.lower(), found.version) for found in distributions())),
    }


def _processor() -> str:
    try:
        with Path("/proc/cpuinfo").open(encoding="utf-8") as lines:
            return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "unknown")
    except OSError:
        return "unknown"
