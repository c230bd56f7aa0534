"""faultline.check: tests operators as `faultline run` does, and returns what it finds.

    assert not faultline.check("myns::*", time=30, samples=[(torch.randn(2, 3), 0.5)])
"""

from __future__ import annotations

import tempfile
import warnings
from pathlib import Path
from typing import Any, Iterable, Union

from faultline.findings import Finding
from faultline.runner import Runner
from faultline.settings import DEFAULT_SECONDS, Settings

Names = Union[str, Iterable[str]]
Paths = Union[str, Path, Iterable[Union[str, Path]]]


class NothingJudged(UserWarning):
    """An operator accepted none of the drawn calls, so that nothing is known of it."""


def check(ops: Names, *, time: float | None = None, cases: int | None = None, oracles: Names = (), seed: int = 0,
          samples: Iterable[Any] = (), domains: Paths = (), tolerances: Paths = (), known: Paths = (),
          modules: Names = (), jobs: int | None = None, out: str | Path | None = None) -> list[Finding]:
    """Tests the operators that `ops` selects ("myns::*"), and returns the new findings on them.

    Findings that an entry of `known` or a shipped one explains are not returned, nor are PyTorch's own mistakes.

    time, cases: how long to draw cases, in seconds for all operators together, or how many; 10 seconds by
        default. Only with `cases` do two runs draw the same cases.
    oracles: what to compare (`faultline list oracles`); all by default.
    samples: calls to start from: tuples of arguments, dicts with "op", "args" and "kwargs", or paths of cases
        or logs.
    domains, tolerances, known: files and folders, as for the flags of the same names.
    modules: to import before, for their operators. Operators that this process has registered need none.
    out: where the folders of the findings are kept; a temporary folder by default.

    An operator that accepts no drawn call gives a `NothingJudged` warning. Bad input is a ValueError of one line.
    """
    from faultline.samples import write_samples  # imports PyTorch

    if time is not None and cases is not None:
        raise ValueError("expected time or cases, not both")
    seconds = DEFAULT_SECONDS if time is None and cases is None else time
    kept = None if out is None else Path(out)
    with Runner(kept, _names(modules)) as runner, tempfile.TemporaryDirectory() as folder:
        operators = runner.operators(_names(ops))
        settings = Settings(
            ops=tuple(operators), time=seconds, cases=cases, seed=seed, jobs=jobs, oracles=_names(oracles),
            modules=_names(modules), domains=_paths(domains), tolerances=_paths(tolerances), known=_paths(known),
            samples=tuple(write_samples(samples, operators, Path(folder))))
        report = runner.run(settings)
    for counts in report.operators.values():
        if counts.untested:
            warnings.warn(f"{counts.operator}: {counts.untested}", NothingJudged, stacklevel=2)
    return [finding for finding in report.findings if finding.new and finding.operator in operators]


def _names(names: Names) -> tuple[str, ...]:
    return tuple([names] if isinstance(names, str) else names)


def _paths(paths: Paths) -> tuple[str, ...]:
    return tuple(str(path) for path in ([paths] if isinstance(paths, (str, Path)) else paths))
