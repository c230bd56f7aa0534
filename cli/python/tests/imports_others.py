"""Imports a part of PyTorch that defines operators of its own."""

import torch._dynamo
from torch import Tensor
from torch.library import custom_op


@custom_op("imports_others::copied", mutates_args=())
def copied(x: Tensor) -> Tensor:
    return x.clone()


copied.register_fake(torch.clone)
