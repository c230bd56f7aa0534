"""What layers of paths need of Python, as operators of the namespace _faultline, which the torch subject calls
(oracles/subjects/torch/python_layers.h): interpreters that change nothing, and fake tensors."""

import contextlib

import logging

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_map

try:
    from torch._subclasses.fake_tensor import FakeTensor, FakeTensorMode
except ImportError:
    FakeTensor = FakeTensorMode = None


class PassThrough(TorchDispatchMode):
    """A mode that makes every call as it is."""

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        return func(*args, **(kwargs or {}))


class Wrapper(torch.Tensor):
    """A tensor without memory. A call with wrappers computes with what they wrap. Only strided tensors have
    strides, which a wrapper needs."""

    __torch_function__ = torch._C._disabled_torch_function_impl

    @staticmethod
    def __new__(cls, inner):
        wrapper = torch.Tensor._make_wrapper_subclass(
            cls, inner.size(), strides=inner.stride(), storage_offset=inner.storage_offset(), dtype=inner.dtype,
            layout=inner.layout, device=inner.device)
        wrapper.inner = inner
        return wrapper

    def __repr__(self):
        return f"Wrapper({tuple(self.shape)}, {self.dtype})"

    @classmethod
    def __torch_dispatch__(cls, func, types, args=(), kwargs=None):
        if func is unwrap:
            return args[0].inner
        wrappers = []  # of the arguments

        def inner_of(value):
            if not isinstance(value, Wrapper):
                return value
            wrappers.append(value)
            return value.inner

        def wrapper_of(value):
            if not isinstance(value, torch.Tensor) or value.layout != torch.strided or value.is_nested:
                return value
            of_argument = [wrapper for wrapper in wrappers if wrapper.inner is value]
            return of_argument[0] if of_argument else Wrapper(value)

        return tree_map(wrapper_of, func(*tree_map(inner_of, args), **tree_map(inner_of, kwargs or {})))


class Modes:
    """The modes that are in force, innermost last."""

    fake = None
    entered = []

    @classmethod
    def enter(cls, name):
        """Enters the modes of a layer."""
        for mode in (PassThrough(), PassThrough()) if name == "python" else (cls.of_fake_tensors(),):
            mode.__enter__()
            cls.entered.append(mode)

    @classmethod
    def leave(cls):
        """Leaves all modes that were entered."""
        while cls.entered:
            cls.entered.pop().__exit__(None, None, None)

    @classmethod
    def of_fake_tensors(cls):
        """The mode of all fake tensors of this process."""
        if cls.fake is None:
            cls.fake = FakeTensorMode()
        return cls.fake


def fake_of(meta):
    """A fake tensor of the CPU over a tensor of the meta device, with its storage and geometry."""
    return FakeTensor(Modes.of_fake_tensors(), meta, torch.device("cpu"))


logging.getLogger("torch._subclasses.fake_tensor").setLevel(logging.CRITICAL)  # a line for each error of a kernel
library = torch.library.Library("_faultline", "DEF")


def operator(schema, kernel):
    """Defines an operator. The torch subject calls its CPU kernel, whatever the keys of the arguments are."""
    library.define(schema)
    library.impl(schema.partition("(")[0], kernel, "CPU")


operator("wrap(Tensor x) -> Tensor", Wrapper)
operator("unwrap(Tensor x) -> Tensor", lambda x: x)
operator("enter(str layer) -> ()", Modes.enter)
operator("leave() -> ()", Modes.leave)
if hasattr(FakeTensorMode, "cache_clear"):  # PyTorch 1.13 has no cache
    operator("fake(Tensor meta) -> Tensor", fake_of)
    operator("forget() -> ()", FakeTensorMode.cache_clear)
unwrap = torch.ops._faultline.unwrap.default
