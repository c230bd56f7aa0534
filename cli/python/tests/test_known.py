"""Known entries whose cause is in PyTorch's Meta kernels in Python, which the C++ test cannot meet."""

import os

import pytest
import torch
from test_command import faultline

CASES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..", "corpora", "known", "cases")


@pytest.mark.skipif(torch.__version__ < "2", reason="PyTorch 1.13 has no Meta kernels in Python")
@pytest.mark.parametrize("name", ["meta_strides_of_addr"])
def test_smallest_case_shows_its_cause(name):
    """Status 0: what the case shows is what it expects."""
    status, said, complaint = faultline("replay", os.path.join(CASES, name + ".case"))
    assert status == 0, said + complaint
