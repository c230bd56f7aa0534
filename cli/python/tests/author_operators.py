"""Operators as authors write them in Python, with torch.library.custom_op: right, or with AUTHOR_MISTAKEN=1 each
with one mistake. Needs a PyTorch of 2.4 or later."""

import os

import torch
from torch.library import custom_op

mistaken = os.environ.get("AUTHOR_MISTAKEN") == "1"  # in the one place where each goes wrong


def new_like(x, dtype=None):
    return torch.empty(x.shape, dtype=dtype or x.dtype, device=x.device)


def define(kernel, fake=None, mutates=(), backward=None, setup=None):
    op = custom_op(f"author_py::{kernel.__name__}", kernel, mutates_args=mutates)
    if fake is not None:
        op.register_fake(fake)
    if backward is not None:
        op.register_autograd(backward, setup_context=setup)


def silu_and_mul(x: torch.Tensor) -> torch.Tensor:
    if x.dim() == 0 or x.shape[-1] % 2 or not x.is_floating_point():
        raise ValueError("silu_and_mul: expected floats with an even last dimension")
    gate, up = x.chunk(2, -1)
    return (torch.nn.functional.silu(gate) * up).contiguous()


def silu_and_mul_fake(x):
    if x.dim() == 0 or x.shape[-1] % 2 or not x.is_floating_point():
        raise ValueError("silu_and_mul: expected floats with an even last dimension")
    # Mistake: the fake keeps the size.
    return x.new_empty(x.shape if mistaken else (*x.shape[:-1], x.shape[-1] // 2))


def row_sums(x: torch.Tensor) -> torch.Tensor:
    if x.dim() != 2:
        raise ValueError("row_sums: expected a matrix")
    return x.sum(1)


def row_sums_fake(x):
    if x.dim() != 2:
        raise ValueError("row_sums: expected a matrix")
    # Mistake: sums of integers are int64.
    integral = not (x.is_floating_point() or x.is_complex())
    return x.new_empty(x.shape[:1], dtype=torch.int64 if integral and not mistaken else x.dtype)


def flipped(x: torch.Tensor) -> torch.Tensor:
    if x.dim() != 1:
        raise ValueError("flipped: expected a vector")
    if mistaken:  # mistake: ignores strides
        return x.as_strided(x.shape, (1,) if x.numel() <= x.untyped_storage().nbytes() // x.element_size()
                            - x.storage_offset() else x.stride()).flip(0)
    return x.flip(0)


def shifted(x: torch.Tensor, by: int) -> torch.Tensor:
    if mistaken and x.is_contiguous():  # mistake: adds in place
        return x.add_(by).clone()
    return (x + by).contiguous()


def shifted_fake(x, by):
    del by
    integral = x.dtype == torch.bool
    return new_like(x, torch.int64 if integral else None)


def absolute(x: torch.Tensor) -> torch.Tensor:
    # Mistake: returns its input if there is nothing to do.
    return x if mistaken and x.dtype == torch.bool else x.abs() if x.dtype != torch.bool else x.clone()


def padded(x: torch.Tensor, to: int) -> torch.Tensor:
    if x.dim() != 1 or not 0 < to < 64:
        raise ValueError("padded: expected a vector and a size of 1 to 63")
    result = (torch.empty if mistaken else torch.zeros)(max(to, x.shape[0]), dtype=x.dtype)
    result[:x.shape[0]] = x  # mistake: the rest is uninitialised
    return result


def padded_fake(x, to):
    if x.dim() != 1 or not 0 < to < 64:
        raise ValueError("padded: expected a vector and a size of 1 to 63")
    return x.new_empty(max(to, x.shape[0]))


def scaled_(x: torch.Tensor, by: float) -> None:
    if mistaken:  # mistake: written before the check
        x.mul_(2)
    if not x.is_floating_point() or by < 0:
        raise ValueError("scaled_: expected floats and a scale of at least 0")
    x.mul_(by)


def halves(x: torch.Tensor) -> list[torch.Tensor]:
    if x.dim() == 0 or x.shape[0] % 2:
        raise ValueError("halves: expected an even first dimension")
    return [part.clone(memory_format=torch.contiguous_format) for part in x.chunk(2)]


def halves_fake(x):
    if x.dim() == 0 or x.shape[0] % 2:
        raise ValueError("halves: expected an even first dimension")
    # Mistake: one result is missing.
    return [x.new_empty((x.shape[0] // 2, *x.shape[1:])) for _ in range(1 if mistaken else 2)]


def noisy(x: torch.Tensor, amount: float) -> torch.Tensor:
    if not x.is_floating_point():
        raise ValueError("noisy: expected floats")
    if mistaken and x.dim() > 1:  # mistake: changes the default dtype
        torch.set_default_dtype(torch.float64)
    return (x + torch.rand(x.shape, dtype=x.dtype) * amount).contiguous()


def without_grad(x: torch.Tensor) -> torch.Tensor:
    if mistaken:  # mistake: grad mode stays off if this raises
        torch.set_grad_enabled(False)
    if x.dim() > 2:
        raise ValueError("without_grad: expected at most two dimensions")
    result = x.clone(memory_format=torch.contiguous_format)
    if mistaken:
        torch.set_grad_enabled(True)
    return result


def cube(x: torch.Tensor) -> torch.Tensor:
    return x * x * x


def cube_setup(ctx, inputs, output):
    del output
    ctx.save_for_backward(*inputs)


def cube_backward(ctx, gradient):
    (x,) = ctx.saved_tensors
    return gradient * (x * (2 if mistaken else 3 * x)).conj()  # mistake: the derivative of a square


seen = {}


def windowed(x: torch.Tensor) -> torch.Tensor:
    if x.dim() != 1 or x.dtype != torch.float64:
        raise ValueError("windowed: expected a vector of float64")
    # Mistake: a longer window of an earlier call is used again.
    if not mistaken or seen.get("window", x[:0]).shape[0] < x.shape[0]:
        seen["window"] = torch.linspace(0, 1, x.shape[0], dtype=x.dtype)
    return x * seen["window"][:x.shape[0]]


define(silu_and_mul, silu_and_mul_fake)
define(row_sums, row_sums_fake)
define(flipped)
define(shifted, shifted_fake)
define(absolute)
define(padded, padded_fake)
define(scaled_, mutates=("x",))
define(halves, halves_fake)
define(noisy)
define(without_grad)
define(cube, torch.empty_like, backward=cube_backward, setup=cube_setup)
define(windowed)
