#!/usr/bin/python3
"""Writes copies of the dispatcher's files that contain every fault of faults.txt, each active if its number is,
and the list of the faults for C++.

    apply_faults.py SOURCE_FOLDER OUT_FOLDER FILE...

The copy contains both texts of a fault: (faults::is(3) ? (wrong) : (right)) for expressions,
{ if (faults::is(3)) { wrong } else { right } } for statements. A fault whose text does not occur exactly once in
its file is not applied, and its row in the list says why; its test then fails."""

import os
import re
import sys

FIELD = re.compile(r"^(fault|law|mistake|file) (.*)$")


class Fault:
    def __init__(self, name):
        self.name, self.law, self.mistake, self.file = name, "0", "", ""
        self.right, self.wrong = [], []
        self.stale = ""


def read_faults(text):
    faults = []
    for line in text.splitlines():
        field = FIELD.match(line)
        if field and field[1] == "fault":
            faults.append(Fault(field[2]))
        elif field:
            setattr(faults[-1], field[1], field[2])
        elif line.startswith("- "):
            faults[-1].right.append(line[2:])
        elif line.startswith("+ "):
            faults[-1].wrong.append(line[2:])
        elif line and not line.startswith("#"):
            sys.exit(f"faults.txt: unexpected line: {line}")
    return faults


def spans_of(code, right):
    """Where the code contains the text; white space does not count."""
    tokens = re.findall(r"\w+|[^\w\s]", " ".join(right))
    return [match.span() for match in re.finditer(r"\s*".join(map(re.escape, tokens)), code)]


def with_faults(code, faults):
    """The code of one file with its faults. Several faults may replace the same text."""
    at = {}
    for number, fault in faults:
        spans = spans_of(code, fault.right)
        overlaps = [s for s in at if spans and s != spans[0] and s[0] < spans[0][1] and spans[0][0] < s[1]]
        if len(spans) != 1:
            fault.stale = f"{fault.file} contains its text {len(spans)} times, not once"
        elif overlaps:
            fault.stale = f"its text in {fault.file} overlaps that of another fault"
        else:
            at.setdefault(spans[0], []).append((number, "\n".join(fault.wrong)))
    for (begin, end), alternatives in sorted(at.items(), reverse=True):
        made = code[begin:end]
        for number, wrong in alternatives:
            if code[end - 1] in ";}":
                made = f"{{ if (faults::is({number})) {{ {wrong} }} else {{ {made} }} }}"
            else:
                made = f"(faults::is({number}) ? ({wrong}) : ({made}))"
        code = code[:begin] + made + code[end:]
    return code


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def main(source, out, files):
    here = os.path.dirname(os.path.abspath(__file__))
    with open(os.path.join(here, "faults.txt"), encoding="utf-8") as file:
        faults = list(enumerate(read_faults(file.read()), start=1))
    for path in files:
        with open(os.path.join(source, path), encoding="utf-8") as file:
            code = file.read()
        code = with_faults(code, [(number, fault) for number, fault in faults if fault.file == path])
        write(os.path.join(out, path), f'#line 1 "{os.path.join(source, path)}"\n' + code)
    rows = (f'{{"{f.name}", {f.law}, "{f.mistake}", "{f.stale}"}},\n' for _, f in faults)
    write(os.path.join(out, "dispatch_faults.inc"), "".join(rows))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
