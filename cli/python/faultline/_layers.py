"""What layers of paths need of Python, as operators of the namespace _faultline, which the torch subject calls
(oracles/subjects/torch/python_layers.h): interpreters that change nothing, and fake tensors."""

import contextlib

import logging

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_map

try:
    from torch._dynamo.source import ConstantSource
    from torch._subclasses.fake_tensor import FakeTensor, FakeTensorMode
    from torch.fx.experimental.symbolic_shapes import DimDynamic, ShapeEnv
except ImportError:
    FakeTensor = FakeTensorMode = None


class PassThrough(TorchDispatchMode):
    """A mode that makes every call as it is."""

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        return func(*args, **(kwargs or {}))


class ByName(TorchDispatchMode):
    """A mode that makes every call with all arguments by name."""

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        named = {argument.name: value for argument, value in zip(func._schema.arguments, args)}
        return func._op(**named, **(kwargs or {}))


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

    fake = symbols = None  # of this run
    entered = []

    @classmethod
    def enter(cls, name):
        """Enters the modes of a layer."""
        for mode in (PassThrough(), ByName()) if name == "python" else (cls.fake,):
            mode.__enter__()
            cls.entered.append(mode)

    @classmethod
    def leave(cls):
        """Leaves all modes that were entered."""
        while cls.entered:
            cls.entered.pop().__exit__(None, None, None)


class Symbols:
    """Symbols for sizes, of one run. A number, the draw, chooses which dimensions have one, and whether equal
    sizes have the same one."""

    def __init__(self, draw):
        self.env = ShapeEnv(allow_scalar_outputs=False, allow_dynamic_output_shape_ops=False)
        self.kind = DimDynamic.DYNAMIC if draw % 2 else DimDynamic.DUCK
        chosen = (lambda i: True, lambda i: i == 0, lambda i: i > 0, lambda i: i % 2 == 1)
        self.is_chosen = chosen[draw // 2 % 4]
        self.count = 0

    def symbol(self, size):
        source = ConstantSource(f"size{self.count}")
        self.count += 1
        symbol = self.env.create_symbol(size, source, self.kind)
        return self.env.create_symintnode(symbol, hint=size, source=source)

    def view(self, meta):
        """The same view with symbols. A stride that is a product of sizes stays one."""
        sizes = [self.symbol(size) if self.is_chosen(i) else size for i, size in enumerate(meta.shape)]
        strides = list(meta.stride())
        packed = packed_symbols = 1
        for i in sorted(range(len(sizes)), key=lambda i: (strides[i], meta.shape[i])):
            if strides[i] != packed:
                break
            strides[i] = packed_symbols
            packed *= meta.shape[i]
            packed_symbols = packed_symbols * sizes[i]
        return meta.as_strided(sizes, strides, meta.storage_offset())


def begin_fake(draw):
    """Begins a run with fake tensors; with symbols by this draw, unless it is negative."""
    Modes.symbols = Symbols(draw) if draw >= 0 else None
    Modes.fake = FakeTensorMode(shape_env=Modes.symbols and Modes.symbols.env)


def fake_of(meta):
    """A fake tensor of the CPU over a tensor of the meta device, with its storage and geometry. Over a tensor of
    the CPU: a constant, whose elements the mode knows."""
    if not meta.is_meta:
        return Modes.fake.fake_tensor_converter.from_real_tensor(Modes.fake, meta, make_constant=True)
    return FakeTensor(Modes.fake, Modes.symbols.view(meta) if Modes.symbols else meta, torch.device("cpu"))


def import_what_symbols_import():
    """The first symbol imports SymPy and more, for a third of a second. Calls no operator."""
    if FakeTensorMode is not None:
        Symbols(0).symbol(2)


def numbers_of(sizes):
    """The numbers that symbols stand for."""
    return [size if isinstance(size, int) else size.node.hint for size in sizes]


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
    operator("begin_fake(int draw) -> ()", begin_fake)
    operator("fake(Tensor meta) -> Tensor", fake_of)
    operator("numbers(SymInt[] sizes) -> int[]", numbers_of)
    operator("forget() -> ()", FakeTensorMode.cache_clear)
unwrap = torch.ops._faultline.unwrap.default
