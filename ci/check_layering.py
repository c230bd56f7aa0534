#!/usr/bin/python3
"""Which folder may include which. Reads the #include lines of every C++ file and prints one line per violation:
"FILE:LINE: A may not include B, because REASON". The tables below are all the rules."""

import re
import sys

from source_files import cpp_files, text_of

# A folder may include itself and the folders to its left, except those in BESIDE.
LAYERS = ["engine", "corpora", "oracles", "reports", "fuzz", "properties", "bench", "cli"]
BESIDE = {"properties": {"fuzz", "bench"}, "bench": {"fuzz", "properties"}, "cli": {"properties", "bench"}}

# The folders of a top folder, in the same order. Headers directly in the top folder come last.
ROOMS = {"engine": ["core", "kernels", "backends", "dispatch", "ops", "ir", "autograd", "python", "fake",
                    "fuser", "fallbacks"],
         "oracles": ["compare", "trial", "relations", "invariants", "gradients", "reference", "dispatch",
                     "subjects", "planted", "isolation"]}
ROOMS_BESIDE = {"engine/dispatch": {"engine/kernels", "engine/backends"},
                "engine/python": {"engine/ops", "engine/autograd"},
                "oracles/gradients": {"oracles/invariants"},
                "oracles/reference": {"oracles/invariants", "oracles/gradients"},
                "oracles/dispatch": {"oracles/invariants", "oracles/gradients", "oracles/reference"}}
# The interface: headers directly in a top folder that its rooms may include.
SEEN_BY_ROOMS = {"oracles/" + name
                 for name in ("subject.h", "outcome.h", "oracle.h", "oracle_checks.h", "floors.h",
                              "gap_reporter.h")}
# What tests of earlier rooms may include, too: a test needs a complete dispatcher or subject to run anything.
SEEN_BY_TESTS = ("engine/operator_cases.h", "oracles/")
# Folders of judges, each with the only folders that it may include: a judge shares no code with what it judges.
JUDGES = {folder: ("engine/core/", folder) for folder in
          ("oracles/reference/kernels/", "oracles/dispatch/rules/")}

TORCH_FOLDERS = ("oracles/subjects/torch/", "oracles/planted/torch/", "oracles/planted/author/",
                 "oracles/planted/backend/", "bench/torch/")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def folder_of(path):
    top = path.split("/")[0]
    return top if top in LAYERS else None


def room_of(path):
    """`engine/ops` for engine/ops/cat.cpp; None for a file directly in its top folder or without a table."""
    top, *inner = path.split("/")
    return f"{top}/{inner[0]}" if len(inner) > 1 and inner[0] in ROOMS.get(top, ()) else None


def reason_against_rooms(file, included, is_test):
    """Why a file may not include a header of the same top folder, which has a row in ROOMS."""
    top, own, other = folder_of(file), room_of(file), room_of(included)
    inner = file.split("/")[1:-1]
    if inner and top == "oracles" and own is None:
        return "ROOMS in ci/check_layering.py lists every room of oracles/"
    if own is None or included in SEEN_BY_ROOMS or (is_test and included.startswith(SEEN_BY_TESTS)):
        return None
    if other is None:
        return f"headers directly in {top}/ come after its folders"
    if other in ROOMS_BESIDE.get(own, set()):
        return f"{own}/ and {other}/ may not include each other"
    place = lambda room: ROOMS[top].index(room.split("/")[1])
    if place(other) > place(own):
        return f"{other}/ comes after {own}/ in the order {' <- '.join(ROOMS[top])}"
    return None


def reason_against(file, included):
    """Why `file` may not include `included`; None when it may. Both are paths relative to the root."""
    own, other = folder_of(file), folder_of(included)
    is_test = file.endswith(("_test.cpp", "_laws.h", "_cases.h")) or own == "properties"
    if re.match(r"(ATen|torch|c10|caffe2)/", included) and not file.startswith(TORCH_FOLDERS):
        return f"only {', '.join(folder[:-1] for folder in TORCH_FOLDERS)} may include libtorch"
    if re.match(r"(gtest|gmock|rapidcheck)(/|\.h)", included) and not is_test:
        return "GoogleTest and RapidCheck belong in *_test.cpp, *_laws.h, *_cases.h and properties/"
    if re.match(r"CLI/", included) and own != "cli":
        return "only cli/ parses the command line"
    if re.match(r"(nanobind/|Python\.h)", included) and not file.startswith("cli/python/"):
        return "only cli/python knows Python"
    if re.match(r"(curand|cuda|thrust|cub)", included) and not file.startswith("engine/backends/cuda/"):
        return "CUDA belongs in engine/backends/cuda"
    if own is None or other is None:
        return None
    for folder, allowed in JUDGES.items():
        if file.startswith(folder) and not is_test:
            return None if included.startswith(allowed) else "a judge shares no code with what it judges"
    seen_by_corpora = ("engine/core/", "engine/dispatch/schema")
    if own == "corpora" and other == "engine" and not included.startswith(seen_by_corpora):
        return "corpora/ may include only core/ and the schema of the engine"
    if own == other and own in ROOMS:
        return reason_against_rooms(file, included, is_test)
    if own == "fuzz" and file.startswith("fuzz/campaign/") and included.startswith("fuzz/targets/"):
        return "targets use the campaign, and the campaign must not depend on targets"
    if other in BESIDE.get(own, set()):
        return f"{own}/ and {other}/ may not include each other"
    if LAYERS.index(other) > LAYERS.index(own):
        return f"{other}/ comes after {own}/ in the order {' <- '.join(LAYERS)}"
    return None


def main():
    failures = []
    files = cpp_files()
    for file in files:
        name = str(file)
        for number, line in enumerate(text_of(file).splitlines(), 1):
            match = INCLUDE.match(line)
            if not match:
                continue
            style, included = match.groups()
            reason = reason_against(name, included)
            if reason is None and style == '"' and "/" not in included:
                reason = "our own headers are included by their path from the root"
            if reason:
                failures.append(f"{name}:{number}: {name} may not include {included}, because {reason}")
    print("\n".join(failures) if failures else f"layering: {len(files)} files, no violations")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
