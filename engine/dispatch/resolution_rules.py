#!/usr/bin/python3
"""Which kernel an operator has at each key: the rules of resolution.h, written a second time and by names
alone, for resolution_rules_test.cpp to compare. Reads the backends on the first line, the table's keys on the
second, then one line "KERNEL_KEY ... / FALLBACK_KEY ..." for each operator; writes its reasons in one line."""

import sys

ALONE = {"FPGA", "Vulkan", "Metal", "CustomRNGKeyId", "MkldnnCPU"}


def crossed(backends, *prefixes):
    return {prefix + backend for prefix in prefixes for backend in backends}


class Rules:
    def __init__(self, backends):
        lazy = {"XLA", "Lazy"}
        self.explicit = crossed(backends, "", "Quantized", "Sparse", "SparseCsr") | ALONE
        self.non_functional = crossed(set(backends) - lazy, "", "Quantized", "SparseCsr") | ALONE
        self.autograd = crossed(backends, "Autograd") | {"AutogradOther", "AutogradNestedTensor"}
        self.nested = crossed(backends, "NestedTensor") | {"AutogradNestedTensor"}
        self.implicit = self.explicit | self.autograd | crossed(backends, "NestedTensor") | {"Functionalize"}
        # Whose derivative a key is.
        self.below = {"Autograd" + backend: {backend} for backend in backends}
        self.below["AutogradOther"] = crossed(backends, "Quantized", "Sparse", "SparseCsr") | ALONE
        self.below["AutogradNestedTensor"] = crossed(backends, "NestedTensor")

    def reason(self, key, kernels, fallbacks):
        undefined = key == "Undefined"
        own_below = bool(self.below.get(key, set()) & kernels)
        hidden = own_below or "CompositeExplicitAutograd" in kernels

        def serves(alias, keys, at_undefined=False):
            return alias in kernels and (key in keys or (undefined and at_undefined))

        if key in kernels and not undefined:
            return "kernel"
        if serves("CompositeExplicitAutogradNonFunctional", self.non_functional, True):
            return "composite explicit non functional"
        if serves("CompositeExplicitAutograd", self.explicit, True):
            return "composite explicit"
        if serves("CompositeImplicitAutogradNestedTensor", self.nested):
            return "composite implicit nested"
        if serves("CompositeImplicitAutograd", self.implicit, True):
            if key == "AutogradOther" and own_below:
                return "ambiguous autograd other"
            if not hidden:
                return "composite implicit"
        if serves("Autograd", self.autograd):
            return "autograd"
        if serves("FuncTorchBatchedDecomposition", {"FuncTorchBatched"}):
            return "batched decomposition"
        return "backend fallback" if key in fallbacks else "missing"


def main():
    rules = Rules(sys.stdin.readline().split())
    keys = sys.stdin.readline().split()
    for line in sys.stdin:
        kernels, fallbacks = (set(part.split()) for part in line.split("/"))
        print(", ".join(f"{key}: {rules.reason(key, kernels, fallbacks)}" for key in keys))


if __name__ == "__main__":
    main()
