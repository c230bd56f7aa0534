"""Operators in Python, each with one mistake, and correct ones. Every PyTorch has what they use."""

import importlib
import os
import sys

import torch

library = torch.library.Library("mistakes", "DEF")


def operator(schema, kernel, fake):
    """Defines mistakes::NAME with a CPU kernel and a Meta kernel."""
    name = schema.partition("(")[0]
    library.define(schema)
    library.impl(name, kernel, "CPU")
    library.impl(name, fake, "Meta")


def like(x):
    return torch.empty(x.shape, dtype=x.dtype, device=x.device)


def copied(x):
    return like(x).copy_(x)


def ignores_strides(x):
    return copied(x) if x.is_contiguous() else copied(x) + 1


def hangs(x):
    while x.dim() == 2:
        pass
    return copied(x)


def ends_the_process(x):
    if x.dim() == 2:
        os._exit(0)
    return copied(x)


def exits(x):
    if x.dim() == 2:
        sys.exit(0)
    return copied(x)


def imports_slowly(x):
    importlib.import_module("slow_to_import")
    return copied(x)


def reads_memory(x):
    # A composite kernel gets wrapper tensors, which have no memory.
    return x.clone() if x.dim() < 3 or x.data_ptr() else x


def like_if_ints(x):
    # With symbols for sizes, as torch.compile has them, they are not ints.
    if not all(isinstance(size, int) for size in x.shape):
        raise TypeError("sizes must be ints")
    return like(x)


def raises(x):
    raise IndexError("there is no such dimension")


operator("correct(Tensor x) -> Tensor", copied, like)
operator("ignores_strides(Tensor x) -> Tensor", ignores_strides, like)
operator("fake_strides(Tensor x) -> Tensor", copied, torch.empty_like)
operator("fake_wants_ints(Tensor x) -> Tensor", copied, like_if_ints)
operator("fake_counts(Tensor x) -> int", lambda x: x.dim(), lambda x: x.dim() + 1)
library.define("reads_memory(Tensor x) -> Tensor")
library.impl("reads_memory", reads_memory, "CompositeImplicitAutograd")
operator("fake_raises(Tensor x) -> Tensor", copied, raises)
operator("hangs(Tensor x) -> Tensor", hangs, like)
operator("ends_the_process(Tensor x) -> Tensor", ends_the_process, like)
operator("imports_slowly(Tensor x) -> Tensor", imports_slowly, like)
operator("exits(Tensor x) -> Tensor", exits, like)
