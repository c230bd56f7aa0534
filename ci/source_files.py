"""The files that the checks read: every text file of the source tree, without build outputs."""

import pathlib

ROOT = pathlib.Path(__file__).resolve().parent.parent
SKIPPED = {".git", "build", "faultline-out", "faultline-demo", "__pycache__"}


def all_files():
    """Every source file, as a path relative to the root, in a fixed order."""
    found, folders = [], [ROOT]
    while folders:
        for entry in folders.pop().iterdir():
            if entry.name in SKIPPED or entry.is_symlink():
                continue
            if entry.is_dir():
                folders.append(entry)
            else:
                found.append(entry.relative_to(ROOT))
    return sorted(found)


def cpp_files():
    return [f for f in all_files() if f.suffix in (".h", ".cpp", ".cu", ".cuh")]


def text_of(file):
    return (ROOT / file).read_text(encoding="utf-8")
