"""Runs the command `faultline` in children of this process.

The command tests the operators that are registered in its own process. A child that is forked from this process
has all operators that this process has, and what the command does there (it changes the number of threads, and
operators may crash) does not reach this process.
"""

from __future__ import annotations

import faulthandler
import os
import signal
import sys
import warnings
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from types import FrameType
from typing import NoReturn, Sequence


@dataclass(frozen=True)
class Ended:
    """How a command ended: its exit status, or the negative number of a signal, and what it printed."""

    status: int
    output: str
    messages: str

    @property
    def reason(self) -> str:
        """The last line on standard error: why the status is 2 or 3."""
        if self.status < 0:
            return f"the command died of {signal.Signals(-self.status).name}"
        lines = self.messages.strip().splitlines() or [f"the command ended with status {self.status}"]
        prefix = "faultline: "
        return lines[-1][len(prefix):] if lines[-1].startswith(prefix) else lines[-1]


class Host:
    """A process that is forked once, and forks itself for each command. It is a context manager.

    Its commands see this process as it was when the host was made. What runs later, such as the tests of a pytest
    session, does not affect them.
    """

    def __init__(self) -> None:
        self._connection, served = Pipe()
        sys.stdout.flush()
        sys.stderr.flush()
        self._process = _fork()
        if self._process == 0:
            self._connection.close()
            _serve(served)
        served.close()

    def run(self, arguments: Sequence[str], folder: Path) -> Ended:
        """Runs one command. Its standard output and error go to files in `folder`."""
        output, messages = folder / "output.txt", folder / "messages.txt"
        try:
            self._connection.send((list(arguments), str(output), str(messages)))
            status = self._connection.recv()
        except (EOFError, OSError):
            raise RuntimeError("the process that runs commands has ended") from None
        return Ended(status, output.read_text(errors="replace"), messages.read_text(errors="replace"))

    def close(self) -> None:
        """Ends the process. A command that runs is asked to end in order."""
        if self._process == 0:
            return
        self._connection.close()
        os.kill(self._process, signal.SIGTERM)
        os.waitpid(self._process, 0)
        self._process = 0

    def __enter__(self) -> Host:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()


def _fork() -> int:
    with warnings.catch_warnings():
        # Python 3.12 warns of a fork while there are other threads. The child waits for none of them.
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()


def _serve(connection: Connection) -> NoReturn:
    """The host: runs commands until the other end closes. A signal to end reaches the command that runs."""
    command = 0

    def end(number: int, frame: FrameType | None) -> None:
        if command == 0:
            os._exit(0)
        os.kill(command, signal.SIGTERM)

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal sends it to the command, too
    signal.signal(signal.SIGTERM, end)
    try:
        while True:
            arguments, output, messages = connection.recv()
            command = _fork()
            if command == 0:
                _become(arguments, output, messages)
            status = os.waitstatus_to_exitcode(os.waitpid(command, 0)[1])
            command = 0
            connection.send(status)
    except (EOFError, OSError):
        pass
    finally:
        os._exit(0)


def _become(arguments: list[str], output: str, messages: str) -> NoReturn:
    """Turns this process into the command. Nothing of the caller runs after it, such as handlers at exit."""
    status = 3
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        faulthandler.disable()  # it would print the crashes of operators on the caller's terminal
        for number, file in ((1, output), (2, messages)):
            opened = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
            os.dup2(opened, number)
            os.close(opened)
        sys.stdout, sys.stderr = (os.fdopen(os.dup(number), "w", buffering=1) for number in (1, 2))
        from faultline import _core

        status = _core.main(arguments)
    except BaseException as error:  # also KeyboardInterrupt and SystemExit: the caller's code must not continue
        print(f"faultline: {type(error).__name__}: {error}", file=sys.stderr)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
