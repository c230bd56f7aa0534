"""Known entries whose cause is met only inside Python: Meta kernels in Python, modes and wrapper subclasses."""

import os

import pytest
import torch
from test_command import faultline

CASES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..", "corpora", "known", "cases")


@pytest.mark.skipif(torch.__version__ < "2", reason="PyTorch 1.13 has no Meta kernels in Python")
@pytest.mark.parametrize("name", ["meta_strides_of_addr", "python_version_of_a_foreach_write",
                                  "python_bits_in_a_wrapper", "python_composite_reads_memory",
                                  "python_composite_by_subclass", "python_matrix_rank_out",
                                  "python_overlap_of_wrappers"])
def test_smallest_case_shows_its_cause(name):
    """Status 0: what the case shows is what it expects."""
    status, said, complaint = faultline("replay", os.path.join(CASES, name + ".case"))
    assert status == 0, said + complaint
