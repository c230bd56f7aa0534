#!/usr/bin/python3
"""compare_summaries.py OUT OUT...: checks that summary.json and coverage.json of several runs are equal, except
for times and timeouts. Prints the first differences, each with its path in the document."""

import json
import pathlib
import sys

TIMED = {"seconds", "timeouts", "timeout", "started", "jobs", "options"}


def differences(a, b, where=""):
    if isinstance(a, dict) and isinstance(b, dict):
        for key in sorted(a.keys() | b.keys()):
            if key not in TIMED:
                yield from differences(a.get(key), b.get(key), f"{where}/{key}")
    elif isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        for index, (x, y) in enumerate(zip(a, b)):
            yield from differences(x, y, f"{where}/{index}")
    elif a != b:
        yield f"{where}: {json.dumps(a)[:80]} against {json.dumps(b)[:80]}"


def main():
    outs = [pathlib.Path(argument) for argument in sys.argv[1:]]
    found = []
    for name in ("summary.json", "coverage.json"):
        first = json.loads((outs[0] / name).read_text())
        for out in outs[1:]:
            rows = list(differences(first, json.loads((out / name).read_text())))
            found += [f"{name} of {outs[0].name} and {out.name}: {row}" for row in rows[:10]]
    print("\n".join(found) if found else f"{len(outs)} runs, the same summaries")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
