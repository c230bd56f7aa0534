#!/usr/bin/python3
"""Runs clang-tidy-19 with the checks of .clang-tidy. Usage: check_clang_tidy.py BUILD_DIR, which holds
compile_commands.json. Skips sources that include libtorch, whose headers take a minute per file and are not
ours, and tests, whose macros expand to GoogleTest's code."""

import concurrent.futures
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

from source_files import ROOT

SLOW = re.compile(r"^(oracles/subjects/torch|oracles/planted/(torch|author)|properties|build)/|_test\.cpp$")


def check(tool, build, file):
    command = [tool, "--quiet", "-p", build, str(ROOT / file)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if run.returncode == 0:
        return []
    violations = [l for l in run.stdout.splitlines() if " error: " in l or " warning: " in l]
    return violations or [f"{file}:1: {tool} failed: {(run.stderr or run.stdout).strip()[-200:]}"]


def main():
    build = sys.argv[1]
    tool = shutil.which("clang-tidy-19")
    if not tool:
        print("clang-tidy-19 is missing: ci/run.sh check installs it")
        return 1
    entries = json.loads((pathlib.Path(build) / "compile_commands.json").read_text())
    names = sorted({os.path.relpath(e["file"], ROOT) for e in entries})
    files = [n for n in names if not n.startswith("..") and not SLOW.search(n)]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        found = [line for lines in pool.map(lambda f: check(tool, build, f), files) for line in lines]
    unique = list(dict.fromkeys(found))
    print("\n".join(unique) if unique else f"clang-tidy: {len(files)} files, no violations")
    return 1 if unique else 0


if __name__ == "__main__":
    sys.exit(main())
