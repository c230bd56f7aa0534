"""Operators of torch.library.custom_op, which PyTorch 1.13 does not have."""

import torch
from torch import Tensor
from torch.library import custom_op


@custom_op("customs::sine", mutates_args=())
def sine(x: Tensor) -> Tensor:
    return torch.sin(x)


def keep_input(ctx, inputs, output):
    ctx.save_for_backward(inputs[0])


sine.register_fake(torch.sin)
sine.register_autograd(lambda ctx, grad: grad * ctx.saved_tensors[0].cos().conj(), setup_context=keep_input)
sine.register_vmap(lambda info, dims, x: (sine(x), dims[0]))


@custom_op("customs::wrong_derivative", mutates_args=())
def wrong_derivative(x: Tensor) -> Tensor:
    return torch.sin(x)


wrong_derivative.register_fake(torch.sin)
wrong_derivative.register_autograd(lambda ctx, grad: grad * ctx.saved_tensors[0], setup_context=keep_input)


@custom_op("customs::without_fake", mutates_args=())
def without_fake(x: Tensor) -> Tensor:
    return torch.sin(x)


@custom_op("customs::positive", mutates_args=())
def positive(x: Tensor) -> Tensor:
    return x[x > 0].clone()


@positive.register_fake
def _(x):
    return x.new_empty(torch.library.get_ctx().new_dynamic_size())


@custom_op("customs::undeclared_write", mutates_args=())
def undeclared_write(x: Tensor) -> Tensor:
    x.zero_()
    return torch.sin(x)


undeclared_write.register_fake(torch.sin)
