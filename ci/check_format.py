#!/usr/bin/python3
"""Checks the format of all C++ files with clang-format-19. Prints the files that it would change."""

import shutil
import subprocess
import sys

from source_files import ROOT, cpp_files


def main():
    tool = shutil.which("clang-format-19")
    if not tool:
        print("clang-format-19 is missing: ci/run.sh check installs it")
        return 1
    files = [str(f) for f in cpp_files()]
    run = subprocess.run([tool, "--dry-run", "-Werror", *files], cwd=ROOT, capture_output=True, text=True)
    if run.returncode == 0:
        print(f"format: {len(files)} files, nothing to change")
        return 0
    lines = [l for l in run.stderr.splitlines() if "error:" in l]
    print("\n".join(dict.fromkeys(l.split(":")[0] for l in lines)))
    print("format them with: clang-format-19 -i FILE")
    return 1


if __name__ == "__main__":
    sys.exit(main())
