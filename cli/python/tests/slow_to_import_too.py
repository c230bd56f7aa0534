"""A module whose import takes 0.6 s of CPU time."""

import time

end = time.process_time() + 0.6
while time.process_time() < end:
    pass
