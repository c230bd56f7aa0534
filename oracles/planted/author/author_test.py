#!/usr/bin/env python3
"""Runs both of the author's libraries: nothing may be reported of the right one, and every mistake that
mistakes.txt marks as visible must be found. Prints how many findings and groups each mistake has.

    author_test.py FAULTLINE LIBRARY_FOLDER [CASES_OF_THE_RIGHT_ONE [CASES_OF_THE_OTHER [JOBS]]]

In a run of LONGER cases or more, also those that it marks as "longer" must be found.
"""

import collections
import json
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
LONGER = 100000


def expected_mistakes(cases):
    """{operator: True if today's oracles find its mistake in so many cases}"""
    later = ("later",) if cases >= LONGER else ("later", "longer")
    expected = {}
    with open(os.path.join(HERE, "mistakes.txt"), encoding="utf-8") as file:
        for line in file:
            if not line.startswith("#") and line.strip():
                operator, oracles, _ = (part.strip() for part in line.split(" : ", 2))
                expected[operator] = not oracles.startswith(later)
    return expected


def run(faultline, library, cases, jobs):
    """The exit status and the summary of a run."""
    with tempfile.TemporaryDirectory() as out:
        command = [faultline, "run", "--subject", "torch", "--load", library, "--cases", str(cases), "--jobs",
                   str(jobs), "--out", out, "--json"]
        # The reproducers are not what is tested: without an interpreter they are not run.
        environment = dict(os.environ, FAULTLINE_PYTHON=os.path.join(out, "none"))
        ended = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False, env=environment)
        return ended.returncode, json.loads(ended.stdout)


def base_name(operator):
    name = operator.split("::")[-1].split(".")[0]
    return name


def check_right(faultline, folder, cases, jobs):
    status, summary = run(faultline, os.path.join(folder, "libfaultline_author.so"), cases, jobs)
    of_author = [f for f in summary["findings"] if f["owner"] == "author" and not f["known"]]
    of_library = [f for f in summary["findings"] if f["owner"] == "library"]
    print(f"right: status {status}, {summary['checks']} checks, {len(of_author)} findings of the author's, "
          f"{len(of_library)} of the library's")
    for finding in of_author:
        print("  false:", finding["operator"], finding["oracle"], finding["kind"])
    return status == 0 and not of_author


def check_mistaken(faultline, folder, cases, jobs):
    status, summary = run(faultline, os.path.join(folder, "libfaultline_mistaken.so"), cases, jobs)
    groups = collections.defaultdict(set)
    findings = collections.Counter()
    for finding in summary["findings"]:
        if finding["owner"] == "author" and not finding["known"]:
            name = base_name(finding["operator"])
            groups[name].add(finding["group"])
            findings[name] += 1
    expected = expected_mistakes(cases)
    # An in-place form belongs to the operator that it is a form of.
    found = {name if name in expected else name.rstrip("_") for name in groups}
    missed = sorted(name for name, visible in expected.items() if visible and name not in found)
    early = sorted(name for name, visible in expected.items() if not visible and name in found)
    count = sum(len(g) for g in groups.values())
    print(f"mistaken: status {status}, {len(found)} of {len(expected)} mistakes found "
          f"({sum(expected.values())} visible today), {sum(findings.values())} findings in {count} groups: "
          f"{count / max(len(found), 1):.2f} a mistake")
    print("  missed:", " ".join(missed) or "none")
    print("  found although marked as later:", " ".join(early) or "none")
    for name, of_name in sorted(groups.items(), key=lambda item: -len(item[1])):
        if len(of_name) > 1:
            print(f"  {name}: {len(of_name)} groups")
    return status == 1 and not missed


def main():
    faultline, folder = sys.argv[1:3]
    right, mistaken, jobs = ([int(x) for x in sys.argv[3:]] + [30000, 12000, 1][len(sys.argv) - 3:])
    results = [check_right(faultline, folder, right, jobs), check_mistaken(faultline, folder, mistaken, jobs)]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
