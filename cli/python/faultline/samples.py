"""Calls of the author's own tests as cases, from which a run starts.

A sample is a tuple of arguments, or {"op": "myns::scale", "args": (...), "kwargs": {...}}. It becomes a `.case`
file with the sizes, strides, dtypes and shared memory of its tensors. Small tensors keep their values. Of large
ones the file keeps a rule that makes values of the same range. A sample that no case can hold is a ValueError.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Iterable, Mapping, Sequence

import torch

_values_kept = {True: 1 << 14, False: 1 << 10}  # whether the dtype is integral: integers are often indices
_dtype_names = {"bool": "b8", "uint8": "u8", "int8": "i8", "int16": "i16", "int32": "i32", "int64": "i64",
                "uint16": "u16", "uint32": "u32", "uint64": "u64", "float16": "f16", "bfloat16": "bf16",
                "float32": "f32", "float64": "f64", "float8_e4m3fn": "f8e4m3fn", "float8_e5m2": "f8e5m2",
                "complex32": "c32", "complex64": "c64", "complex128": "c128"}
_dtypes = {getattr(torch, name): text for name, text in _dtype_names.items() if hasattr(torch, name)}


def write_samples(samples: Iterable[Any], operators: Sequence[str], folder: Path) -> list[str]:
    """Writes a file for each sample, and returns what --samples takes: the folder, and samples that are paths.

    A tuple is a call of each of `operators` whose schema takes its arguments; there must be one.
    """
    paths, count = [], 0
    for position, sample in enumerate(samples):
        where = f"samples[{position}]"
        if isinstance(sample, (str, Path)):
            paths.append(str(sample))
            continue
        for text in _cases_of(sample, operators, where):
            (folder / f"sample-{count:04}.case").write_text(text, encoding="utf-8")
            count += 1
    return [*([str(folder)] if count else []), *paths]


def _cases_of(sample: Any, operators: Sequence[str], where: str) -> list[str]:
    if isinstance(sample, Mapping):
        names, arguments, named = [_name_of(sample["op"])], sample.get("args", ()), sample.get("kwargs", {})
    elif isinstance(sample, (tuple, list)):
        names, arguments, named = list(operators), sample, {}
    else:
        raise ValueError(f"{where}: a sample is a tuple of arguments, a dict with 'op', 'args' and 'kwargs', or "
                         f"a path, not a {type(sample).__name__}")
    texts, reasons = [], []
    for name in names:
        for overload in _overloads(name, where):
            try:
                texts.append(_CaseText(overload).text(arguments, named))
                break
            except _Unfit as reason:
                reasons.append(f"{where}: {name}: {reason}")
    if not texts:
        raise ValueError(reasons[0] if reasons else f"{where}: no operator is selected")
    return texts


class _Unfit(Exception):
    """Why a call is not one of this operator, or has no form as a case."""


def _name_of(operator: Any) -> str:
    """`myns::scale.out` of a name, of torch.ops.myns.scale.out, or of what torch.library.custom_op returns."""
    if isinstance(operator, str):
        return operator
    name = getattr(operator, "_qualname", None) or getattr(operator, "_qualified_op_name", None)
    return str(name or operator._schema.name)


def _overloads(name: str, where: str) -> list[Any]:
    """The overload that a name ends with, or all of an operator."""
    found = re.fullmatch(r"(\w+)::(\w+)(?:\.(\w+))?", name)
    packet = getattr(getattr(torch.ops, found[1]), found[2], None) if found else None
    names = [found[3]] if found and found[3] else packet.overloads() if packet else []
    if packet is None or not set(names) <= set(packet.overloads()):
        raise ValueError(f"{where}: no operator is called '{name}'")
    return [getattr(packet, overload) for overload in names]


class _CaseText:
    """The text of a case of one call."""

    def __init__(self, overload: Any) -> None:
        self._schema = overload._schema
        self._tensors: list[torch.Tensor] = []

    def text(self, arguments: Sequence[Any], named: Mapping[str, Any]) -> str:
        declared = self._schema.arguments
        if len(arguments) > sum(not argument.kwarg_only for argument in declared):
            raise _Unfit(f"{len(arguments)} arguments are more than it takes")
        bound = dict(zip((argument.name for argument in declared), arguments))
        for name, value in named.items():
            if name in bound or name not in {argument.name for argument in declared}:
                raise _Unfit(f"argument '{name}' is {'given twice' if name in bound else 'unknown'}")
            bound[name] = value
        call = ", ".join(f"{argument.name}={self._argument(argument, bound)}" for argument in declared)
        overload = self._schema.overload_name
        name = self._schema.name + (f".{overload}" if overload else "")
        return "\n".join(["faultline case 1", "subject torch", *self._memory(), f"call r0 {name}({call})", ""])

    def _argument(self, argument: Any, bound: Mapping[str, Any]) -> str:
        if argument.name not in bound and not argument.has_default_value():
            raise _Unfit(f"argument '{argument.name}' is missing")
        value = bound.get(argument.name, argument.default_value)
        declared = str(argument.type)
        if value is None and not declared.startswith("Optional"):
            raise _Unfit(f"argument '{argument.name}' may not be None")
        takes_tensor = "Tensor" in declared and "List" not in declared
        if isinstance(value, torch.Tensor) != takes_tensor and value is not None:
            raise _Unfit(f"argument '{argument.name}' is a {declared}, not a {type(value).__name__}")
        return self._value(value, declared)

    def _value(self, value: Any, declared: str) -> str:
        if value is None:
            return "None"
        if isinstance(value, torch.Tensor):
            return self._tensor(value)
        if isinstance(value, bool) and _takes(declared, "bool", "number"):
            return str(value)
        if isinstance(value, int) and _takes(declared, "int", "number"):
            return str(int(value))
        if isinstance(value, (int, float)) and _takes(declared, "float", "number"):
            return _real(value)
        if isinstance(value, complex) and _takes(declared, "number"):
            return f"({_real(value.real)}, {_real(value.imag)})"
        if isinstance(value, str) and _takes(declared, "str"):
            return _quoted(value)
        if isinstance(value, (tuple, list)) and _takes(declared, "List"):
            return "[" + ", ".join(self._value(element, declared) for element in value) + "]"
        if isinstance(value, (str, torch.device)) and _takes(declared, "Device"):
            return f"device:{torch.device(value).type}"
        if isinstance(value, torch.dtype) and value in _dtypes:
            return f"dtype:{_dtypes[value]}"
        if isinstance(value, torch.layout):
            return f"layout:{str(value)[len('torch.'):]}"
        if isinstance(value, torch.memory_format):
            name = str(value)[len("torch."):]
            return "memory_format:" + (name[:-len("_format")] if name.endswith("_format") else name)
        raise _Unfit(f"a {type(value).__name__} is not a {declared}, or has no form in a case")

    def _tensor(self, tensor: torch.Tensor) -> str:
        if tensor.layout != torch.strided or tensor.dtype not in _dtypes or tensor.is_quantized:
            raise _Unfit(f"a {tensor.layout} tensor of {tensor.dtype} has no form in a case")
        for place, seen in enumerate(self._tensors):
            if seen is tensor:
                return f"t{place}"
        self._tensors.append(tensor)
        return f"t{len(self._tensors) - 1}"

    def _memory(self) -> list[str]:
        """The statements of the storages and of the inputs."""
        plain = [tensor.detach().cpu().resolve_conj().resolve_neg() for tensor in self._tensors]
        spans: dict[tuple[int, torch.dtype], tuple[int, int]] = {}
        for tensor in plain:
            low, high = spans.get(_memory_of(tensor), (tensor.storage_offset(), 0))
            spans[_memory_of(tensor)] = min(low, tensor.storage_offset()), max(high, _end_of(tensor))
        places = {key: place for place, key in enumerate(spans)}
        storages, inputs = [""] * len(spans), []
        for place, tensor in enumerate(plain):
            key = _memory_of(tensor)
            low, high = spans[key]
            storages[places[key]] = f"storage s{places[key]} {_filled(tensor, low, max(0, high - low))}"
            inputs.append(f"input t{place} s{places[key]} sizes {list(tensor.shape)} "
                          f"strides {list(tensor.stride())} offset {tensor.storage_offset() - low}")
        return storages + inputs


def _takes(declared: str, *types: str) -> bool:
    return any(name in declared for name in types)


def _memory_of(tensor: torch.Tensor) -> tuple[int, torch.dtype]:
    """Equal for tensors that share a storage. The dtype is part of it: a case's storage has one dtype."""
    storage = tensor.untyped_storage() if hasattr(tensor, "untyped_storage") else tensor.storage()
    return storage.data_ptr() if tensor.numel() else -id(tensor), tensor.dtype


def _end_of(tensor: torch.Tensor) -> int:
    """One past the last element of the storage that the tensor reaches."""
    if tensor.numel() == 0:
        return tensor.storage_offset()
    reach = sum((size - 1) * stride for size, stride in zip(tensor.shape, tensor.stride()))
    return tensor.storage_offset() + int(reach) + 1


def _filled(tensor: torch.Tensor, low: int, count: int) -> str:
    """dtype[elements] and the fill rule of elements [low, low + count) of the tensor's storage."""
    head = f"{_dtypes[tensor.dtype]}[{count}]"
    integral = not (tensor.is_floating_point() or tensor.is_complex())
    memory = torch.as_strided(tensor, (count,), (1,), low)
    if not integral:
        memory = memory.to(torch.complex128 if memory.is_complex() else torch.float64)
    if count <= _values_kept[integral]:
        return f"{head} values {{ {' '.join(map(_element, memory.tolist()))} }}" if count else f"{head} zeros"
    low_value, high_value = _range_of(memory)
    if integral:
        return f"{head} zeros" if low_value >= 0 and tensor.dtype != torch.bool else f"{head} integers(1)"
    rule = "normal" if low_value < 0 else "unit" if high_value < 1 else "positive"
    return f"{head} {rule}(1)"


def _range_of(memory: torch.Tensor) -> tuple[float, float]:
    numbers = torch.view_as_real(memory) if memory.is_complex() else memory
    numbers = numbers.to(torch.float64)
    return float(numbers.min()), float(numbers.max())


def _element(number: Any) -> str:
    if isinstance(number, complex):
        return f"({_real(number.real)},{_real(number.imag)})"
    return _real(number) if isinstance(number, float) else str(int(number))


def _real(number: float) -> str:
    """A C hex float, without zeros at the end."""
    return re.sub(r"\.?0*p", "p", float(number).hex())


def _quoted(text: str) -> str:
    escapes = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}
    return '"' + "".join(escapes.get(char, char) for char in text) + '"'
