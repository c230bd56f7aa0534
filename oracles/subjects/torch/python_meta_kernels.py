"""Lists the operators whose Meta kernels PyTorch writes in Python, as a C++ source.

The build runs it with the Python of the libtorch that it uses. A process without Python does not have these
kernels, so what it sees on the meta device is not what PyTorch's users see. Argument: the file to write."""

import re
import sys


def names():
    """The qualified names, sorted. Empty before 2.0, which has no such kernels at import."""
    try:
        import torch
        dispatched = torch._C._dispatch_get_all_op_names()
    except (ImportError, AttributeError):
        return []
    in_python = re.compile(r"^Meta: registered at [^\n]*\.py:\d+ ", re.MULTILINE)
    return sorted(name for name in dispatched if in_python.search(torch._C._dispatch_dump(name)))


def main():
    found = names()
    rows = "".join(f'    "{name}",\n' for name in found)
    with open(sys.argv[1], "w", encoding="utf-8") as source:
        source.write('#include "oracles/subjects/torch/python_meta_kernels.h"\n\n#include <array>\n\n'
                     "namespace oracles::aten {\n\n"
                     f"constexpr std::array<std::string_view, {len(found)}> names{{\n{rows}}};\n\n"
                     "std::span<const std::string_view> python_meta_kernels() { return names; }\n\n"
                     "}  // namespace oracles::aten\n")


if __name__ == "__main__":
    main()
