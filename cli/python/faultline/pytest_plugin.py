"""The pytest plug-in: `pytest --faultline 'myns::*'` tests operators, with an item for each operator and oracle.

pytest loads this module in every session of an environment that has Faultline. It does nothing without its flags.
"""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """The flags; [tool.faultline] of pyproject.toml has more options."""
    add = parser.getgroup("faultline", "tests of PyTorch operators with Faultline").addoption
    add("--faultline", metavar="GLOBS", action="append", default=[],
        help="test these operators, such as 'myns::*', with an item for each oracle; may be repeated")
    add("--faultline-time", metavar="SECONDS", type=float, help="how long to test each operator (default: 10)")
    add("--faultline-cases", metavar="N", type=int,
        help="how many cases to try with each operator, instead of a time; two runs then try the same cases")
    add("--faultline-out", metavar="DIR", default="faultline-out",
        help="where findings are kept, in the root of the tests (default: %(default)s)")
    add("--faultline-replay", metavar="DIR", action="append", default=[], help="run the finding in DIR again")


def pytest_configure(config: pytest.Config) -> None:
    """Registers the hooks that collect items, if a flag needs them."""
    if config.getoption("faultline") or config.getoption("faultline_replay"):
        from faultline.pytest_items import Hooks

        config.pluginmanager.register(Hooks(config), "faultline-hooks")
