"""A module whose import takes 0.6 s of CPU time, and imports another that does."""

import time

end = time.process_time() + 0.6
while time.process_time() < end:
    pass

import slow_to_import_too  # noqa: E402,F401
