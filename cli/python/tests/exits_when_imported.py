"""A module that cannot be imported."""

import sys

sys.exit(3)
