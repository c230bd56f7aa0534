#!/usr/bin/python3
"""Counts the instructions of one call of each case with valgrind and compares them with instruction_counts.txt.
usage: count_instructions.py COUNT_DISPATCH [--update]
Each case runs N and 2N times; the difference divided by N is one call. The counts are those of a g++ Release
build and do not depend on the machine; the tolerance allows for other releases of the compiler. A count that is
too low fails as well, because the recorded number is then out of date. --update records the new counts; give the
reason in the commit."""

import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys

RECORDED = pathlib.Path(__file__).resolve().parent / "instruction_counts.txt"
SLACK = 0.05
# Slow cases need few calls. They allocate, and malloc's share varies, so their tolerance is larger.
TIMES = {"register a kernel and drop it": 200, "define an operator and drop it": 100}
OUTSIDE = {"define an operator and drop it": 0.25, "register a kernel and drop it": 0.25, "look up by name": 0.1}


def total(program, case, times):
    command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", program, case, str(times)]
    # Disables the string functions that the loader selects by CPU, so that every machine runs the same ones.
    environment = dict(os.environ, GLIBC_TUNABLES="glibc.cpu.hwcaps=-AVX2,-AVX512VL,-ERMS,-FSRM")
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    counted = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode != 0 or not counted:
        sys.exit(f"{' '.join(command)} failed:\n{done.stderr}")
    return int(counted[1])


def count(program, case):
    times = TIMES.get(case, 1000)
    return round((total(program, case, 2 * times) - total(program, case, times)) / times)


def recorded():
    """CASE -> count, from lines "COUNT  CASE"; # starts a comment."""
    lines = [line.split(None, 1) for line in RECORDED.read_text().splitlines()
             if line.strip() and not line.startswith("#")]
    return {case: int(number) for number, case in lines}


def faults(counted, expected):
    """The differences from the recorded counts, one line each."""
    found = []
    for case in sorted(set(counted) | set(expected)):
        if case not in counted or case not in expected:
            missing = "not recorded" if case in counted else "recorded, but there is no such case"
            found.append(f"{case}: {missing}")
            continue
        slack = OUTSIDE.get(case, SLACK)
        if abs(counted[case] - expected[case]) > slack * expected[case]:
            found.append(f"{case}: {counted[case]} instructions, {expected[case]} are recorded "
                         f"(slack {slack:.0%})")
    return found


def main():
    program = sys.argv[1]
    cases = subprocess.run([program], capture_output=True, text=True, check=True).stdout.splitlines()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        counted = dict(zip(cases, pool.map(lambda case: count(program, case), cases)))
    if "--update" in sys.argv[2:]:
        kept = [line for line in RECORDED.read_text().splitlines() if line.startswith("#")]
        RECORDED.write_text("\n".join(kept + [f"{counted[case]:>7}  {case}" for case in cases]) + "\n")
    expected = recorded()
    print(f"{'instructions for one call':42} {'counted':>8} {'recorded':>9}")
    for case in cases:
        print(f"{case:42} {counted[case]:8} {expected.get(case, '-'):>9}")
    found = faults(counted, expected)
    for fault in found:
        print(fault)
    if found:
        print(f"If the change is intended, run: {sys.argv[0]} {program} --update")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
