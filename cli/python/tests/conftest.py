"""What the tests of the pytest plug-in share."""

import importlib.metadata

import pytest


@pytest.fixture
def plugin():
    """The arguments that load the plug-in in a session: none if the package is installed."""
    entries = importlib.metadata.entry_points(group="pytest11")
    installed = any(entry.value == "faultline.pytest_plugin" for entry in entries)
    return ["-p", "no:cacheprovider", *([] if installed else ["-p", "faultline.pytest_plugin"])]
