"""Importing a release of O*NET, as its publisher's text files."""

from accounts.services.onet.merging import import_onet
from accounts.services.onet.report import Diff, Report

__all__ = ["Diff", "Report", "import_onet"]
