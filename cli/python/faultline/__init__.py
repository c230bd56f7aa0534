"""Faultline: finds where a dispatch fallback of PyTorch does not do what the kernel that it replaces does."""

from faultline.checking import NothingJudged, check
from faultline.findings import Finding, Side

__all__ = ["Finding", "NothingJudged", "Side", "check"]
