"""The command: `python3 -m faultline` and `faultline`."""

import os
import signal
import sys

from faultline import _core, settings


def main():
    """Runs the command of sys.argv and returns its exit status."""
    for number in (signal.SIGINT, signal.SIGPIPE):  # as in other programs; Python would turn them into exceptions
        signal.signal(number, signal.SIG_DFL)
    if os.getcwd() not in sys.path:
        sys.path.insert(0, os.getcwd())  # as `python3 -m` does
    sys.stdout.flush()
    arguments = sys.argv[1:]
    if arguments[:1] == ["run"]:
        try:
            arguments += settings.arguments(given=arguments)
        except settings.SettingsError as error:
            print(f"faultline: {error}", file=sys.stderr)
            return 2
    return _core.main(arguments)


if __name__ == "__main__":
    sys.exit(main())
