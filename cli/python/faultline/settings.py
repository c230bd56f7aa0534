"""The options of a run, and where a project keeps them: the table [tool.faultline] of its pyproject.toml.

    [tool.faultline]
    ops = ["myns::*"]               # also oracles, modules
    time = 30                       # also cases, seed, jobs
    tolerances = "ci/tolerances"    # also domains, samples, known; relative to pyproject.toml

A key that is unknown or has a value of the wrong type is a `SettingsError`. What the command line says wins.
"""

from __future__ import annotations

import importlib
import re
import sys
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Sequence

DEFAULT_SECONDS = 10.0  #: how long to draw cases, if neither a time nor a number of cases is given

_files = ("domains", "tolerances", "samples", "known")
_names = ("ops", "oracles", "modules")
_numbers = {"time": (int, float), "cases": (int,), "seed": (int,), "jobs": (int,)}


class SettingsError(ValueError):
    """One line: FILE:LINE:COLUMN: what is wrong."""


@dataclass(frozen=True)
class Settings:
    """Options of a run. None and an empty tuple mean the command's default."""

    ops: tuple[str, ...] = ()
    time: float | None = None
    cases: int | None = None
    seed: int | None = None
    jobs: int | None = None
    oracles: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()  #: to import first; the only option that is not a flag
    domains: tuple[str, ...] = ()
    tolerances: tuple[str, ...] = ()
    samples: tuple[str, ...] = ()
    known: tuple[str, ...] = ()

    def flags(self) -> dict[str, list[str]]:
        """Each flag of `faultline run` with its values; --cases replaces --time."""
        lists = {"--ops": self.ops, "--oracles": self.oracles}
        flags = {flag: [",".join(names)] for flag, names in lists.items() if names}
        for name in _numbers:
            value = getattr(self, name)
            if value is not None and not (name == "time" and self.cases is not None):
                flags["--" + name] = [f"{value}"]
        flags.update(("--" + name, list(getattr(self, name))) for name in _files if getattr(self, name))
        return flags

    def arguments(self) -> list[str]:
        """The flags as a command line."""
        return _spelled(self.flags())


def read(directory: Path | str = ".") -> Settings:
    """The settings of the nearest pyproject.toml of the folder and the folders around it."""
    start = Path(directory).resolve()
    for folder in (start, *start.parents):
        if (folder / "pyproject.toml").is_file():
            return _parsed(folder / "pyproject.toml")
    return Settings()


def arguments(directory: Path | str = ".", given: Sequence[str] = ()) -> list[str]:
    """What the settings of a folder add to `faultline run`: modules, and flags that `given` does not have."""
    settings = read(directory)
    flags = settings.flags()
    names = {argument.split("=")[0] for argument in given}
    if names & {"--time", "--cases"}:
        names |= {"--time", "--cases"}
    return [*settings.modules, *_spelled({flag: values for flag, values in flags.items() if flag not in names})]


def _spelled(flags: dict[str, list[str]]) -> list[str]:
    return [f"{flag}={value}" for flag, values in flags.items() for value in values]


def _parsed(file: Path) -> Settings:
    text = file.read_text(encoding="utf-8")
    if "faultline" not in text:
        return Settings()
    try:
        table = _toml().loads(text).get("tool", {}).get("faultline", {})
    except ValueError as error:
        raise SettingsError(f"{file}:1:1: not TOML: {error}") from None
    if not isinstance(table, dict):
        raise SettingsError(f"{file}:1:1: [tool.faultline] must be a table")
    allowed = [field.name for field in fields(Settings)]
    values = {}
    for key, value in table.items():
        if key not in allowed:
            raise SettingsError(f"{_place(file, text, key)}: unknown key '{key}' in [tool.faultline]; "
                                f"expected one of {', '.join(allowed)}")
        try:
            values[key] = _value(key, value, file.parent)
        except TypeError as error:
            place = _place(file, text, key)
            raise SettingsError(f"{place}: '{key}' of [tool.faultline] must be {error}") from None
    return Settings(**values)


def _toml() -> Any:
    """The module that reads TOML: Python's own, or before 3.11 the one that comes with pytest and pip."""
    name = "tomllib" if sys.version_info >= (3, 11) else "tomli"
    try:
        return importlib.import_module(name)
    except ImportError:
        raise ValueError("this Python needs the package tomli to read it") from None


def _value(key: str, value: Any, folder: Path) -> Any:
    """The value in the form of `Settings`. Raises a TypeError that says what is expected."""
    if key in _numbers:
        if isinstance(value, bool) or not isinstance(value, _numbers[key]):
            raise TypeError("a number" if float in _numbers[key] else "a whole number")
        return value
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list) or not all(isinstance(element, str) for element in values):
        raise TypeError("a string or a list of strings")
    return tuple(str(folder / element) if key in _files else element for element in values)


def _place(file: Path, text: str, key: str) -> str:
    """FILE:LINE:COLUMN of the key in [tool.faultline], or of the file if the key is spelled in a rare way."""
    inside = False
    for number, line in enumerate(text.splitlines(), 1):
        if header := re.match(r"\s*\[+\s*([^\]]*?)\s*\]", line):
            inside = re.sub(r"[\s\"']", "", header[1]) == "tool.faultline"
        elif inside and (found := re.match(rf"\s*[\"']?({re.escape(key)})[\"']?\s*[.=]", line)):
            return f"{file}:{number}:{found.start(1) + 1}"
    return f"{file}:1:1"
