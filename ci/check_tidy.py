#!/usr/bin/python3
"""Rules that no compiler checks: sizes of files, functions and lines, a README in each folder, an opening
comment in each header and script, names, banned words. Prints one line per violation:
"FILE:LINE: what, and the limit"."""

import ast
import re
import sys
from fnmatch import fnmatch

from source_files import ROOT, all_files, text_of

LINES_MAX = 400
FUNCTION_MAX = 70
WIDTH_MAX = 114
README_MAX = 140
BYTES_MAX = 200_000

# Files of these kinds are data, and may be longer than LINES_MAX.
TABLE_SUFFIXES = (".domains", ".tolerances", ".case", ".json", ".svg", ".txt", ".dict")

BANNED = [
    (r"std::random_device|std::\w+_distribution|(?<![\w:.])s?rand\(",
     "all randomness comes from a ChoiceSource"),
    (r"\b(TODO|FIXME|XXX|HACK)\b", "finish the work, or remove the comment"),
    (r"/(work|farm|root|home)/[a-z]", "a path that exists on one machine only"),
    (r"\bpkill\b|\bkillall\b", "end a process by its id, not by its name"),
    (r"^\s*rc::check\(", "a failure of rc::check fails no test: write EXPECT_TRUE(rc::check(...))"),
]
# A .cpp implements the header of its name, unless a header lists what many files of one kind define.
FAMILIES = {
    "bench/*.cpp": "benchmarks register themselves",
    "cli/*_command.cpp": "cli/command.h",
    "cli/bad_plugins/*.cpp": "plug-ins export their functions by name",
    "cli/plugin_example/*.cpp": "plug-ins export their functions by name",
    "cli/python/core.cpp": "an extension module",
    "corpora/case/mutate_*.cpp": "corpora/case/mutate_edits.h",
    "corpora/case/simpler_*.cpp": "corpora/case/simpler_passes.h",
    "corpora/case/text_p*.cpp": "corpora/case/text.h",
    "corpora/case/vary_*.cpp": "corpora/case/vary_edits.h",
    "engine/backends/host_cuda/*_kernels.cpp": "kernels register themselves",
    "engine/fallbacks/*.cpp": "engine/fallbacks/table.h",
    "engine/ops/*.cpp": "operators register themselves",
    "fuzz/targets/*.cpp": "fuzz::target()",
    "oracles/*/*_oracle.cpp": "oracles/oracle_checks.h",
    "oracles/planted/*/*.cpp": "plants register themselves",
    "oracles/reference/kernels/*.cpp": "oracles/reference/kernels/families.h",
    "oracles/table.cpp": "oracles/oracle.h",
    "reports/*_writer.cpp": "reports/writers.h",
    "reports/repro_*.cpp": "reports/reproducer.h",
    "reports/scrambled/sentences.cpp": "the headers of the two files that it replaces",
    "**/main.cpp": "an executable",
    "**/without_*": "what a build without a library has in its place",
}
BAD_NAME = re.compile(r"(^|[_/.])(utils?|helpers?|common|manager|impl|inl|misc)([_/.]|$)")


def code_only(text):
    """The text with comments and literals replaced by blanks, so that every brace left is code. Lines stay."""
    blank = lambda match: re.sub(r"[^\n]", " ", match.group(0))
    pattern = (r'R"(?P<d>[^(\s]*)\((?:.|\n)*?\)(?P=d)"' r"|//[^\n]*|/\*(?:.|\n)*?\*/"
               r'|"(?:\\.|[^"\\\n])*"' r"|(?<![0-9a-fA-FxX])'(?:\\.|[^'\\\n])+'")
    return re.sub(pattern, blank, text)


def long_cpp_functions(text):
    """(first line, lines) of each outermost function longer than the limit."""
    code, depth, start, header_from, found = code_only(text), 0, None, 0, []
    function = re.compile(r"\)\s*(const|noexcept|override|final|&+|->[^;{}]*|:\s[^;]*|\s)*$", re.S)
    line, stack = 1, []
    for at, char in enumerate(code):
        if char == "\n":
            line += 1
        elif char == "{":
            header = code[header_from:at].strip()
            is_function = start is None and function.search(header) and not header.startswith("#")
            if is_function:
                start, depth = line - header.count("\n"), len(stack)
            stack.append(char)
        elif char == "}" and stack:
            stack.pop()
            if start is not None and len(stack) == depth:
                if line - start + 1 > FUNCTION_MAX:
                    found.append((start, line - start + 1))
                start = None
        if char in "{};":
            header_from = at + 1
    return found


def long_python_functions(text):
    nodes = [n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.FunctionDef)]
    sizes = [(n.lineno, n.end_lineno - n.lineno + 1) for n in nodes]
    return [(line, size) for line, size in sizes if size > FUNCTION_MAX]


def opening_fault(name, lines):
    first = (lines + [""])[lines[0].startswith("#!")]
    if name.endswith((".h", ".cuh")):
        if not first.startswith("//"):
            return "a header must open with a comment: what it is, what it promises, what it refuses"
        if "#pragma once" not in lines:
            return "#pragma once is missing"
    opening = {".py": '"""', ".sh": "#"}.get(name[-3:], "")
    if not first.startswith(opening):
        return "a script must open with a comment that says what it is"
    return None


def faults_of_text(name, text):
    lines = text.splitlines() or [""]
    if len(lines) > LINES_MAX and not name.endswith(TABLE_SUFFIXES):
        yield 1, f"{len(lines)} lines, more than {LINES_MAX}: split the file"
    if name.endswith("README.md") and len(lines) > README_MAX:
        yield 1, f"{len(lines)} lines, more than {README_MAX}"
    fault = opening_fault(name, lines)
    if fault:
        yield 1, fault
    if not name.startswith("ci/check"):
        for number, line in enumerate(lines, 1):
            for pattern, reason in BANNED:
                if re.search(pattern, line):
                    yield number, f"{re.search(pattern, line).group(0)!r}: {reason}"
    if re.search(r"\.(h|cpp|cu|cuh|py|sh|cmake)$|CMakeLists\.txt$", name):
        for number, line in enumerate(lines, 1):
            if len(line) > WIDTH_MAX and "http" not in line and not line.startswith("#include"):
                yield number, f"{len(line)} columns, more than {WIDTH_MAX}"
    functions = []
    if re.search(r"\.(h|cpp|cu|cuh)$", name):
        functions = long_cpp_functions(text)
    elif name.endswith(".py"):
        functions = long_python_functions(text)
    for line, size in functions:
        yield line, f"a function of {size} lines, more than {FUNCTION_MAX}"


def one_letter_apart(a, b):
    """Whether two names differ in one letter only: a different, an additional or a missing one."""
    if len(a) == len(b):
        return sum(x != y for x, y in zip(a, b)) == 1
    longer, shorter = sorted((a, b), key=len, reverse=True)
    return len(longer) == len(shorter) + 1 and any(
        longer[:i] + longer[i + 1:] == shorter for i in range(len(longer)))


def faults_of_headers(files):
    """Headers of one folder whose names are easily confused, and .cpp files without a header of their name."""
    names = {str(f) for f in files}
    headers = sorted(f for f in files if f.suffix == ".h")
    for i, a in enumerate(headers):
        for b in headers[i + 1:]:
            if a.parent == b.parent and one_letter_apart(a.stem, b.stem):
                yield f"{a}:1: the name differs from {b.name} in one letter only"
    for file in (f for f in files if f.suffix == ".cpp" and not is_test(str(f))):
        listed = any(fnmatch(str(file), glob) for glob in FAMILIES)
        if not listed and str(file.with_suffix(".h")) not in names:
            yield f"{file}:1: this file implements no header: none has its name"


def is_test(name):
    return name.endswith("_test.cpp") or name.startswith("properties/")


def faults_of_tree(files):
    folders = {parent for f in files for parent in f.parents if str(parent) != "."}
    for folder in sorted(folders):
        if not str(folder).startswith(".") and not (ROOT / folder / "README.md").is_file():
            yield f"{folder}/:1: the folder has no README.md"
    for file in files:
        if BAD_NAME.search(str(file)):
            yield f"{file}:1: a name without meaning, such as util or common"


def main():
    files = all_files()
    failures = [*faults_of_tree(files), *faults_of_headers(files)]
    for file in files:
        raw = (ROOT / file).read_bytes()
        if b"\0" in raw or len(raw) > BYTES_MAX:
            failures.append(f"{file}:1: binary, or more than {BYTES_MAX} bytes")
            continue
        failures += [f"{file}:{line}: {what}" for line, what in faults_of_text(str(file), text_of(file))]
    print("\n".join(failures) if failures else f"tidy: {len(files)} files, no violations")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
