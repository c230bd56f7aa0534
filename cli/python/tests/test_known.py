"""Known entries whose cause is met only inside Python: Meta kernels in Python, modes and wrapper subclasses."""

import os

import pytest
import torch
from test_command import faultline

CASES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..", "corpora", "known", "cases")


@pytest.mark.skipif(torch.__version__ < "2", reason="these causes are in PyTorch 2 and later")
def test_smallest_cases_show_their_causes():
    """Status 0: what each case shows is what it expects."""
    names = ["meta_strides_of_addr", *(f"python_{name}" for name in (
        "version_of_a_foreach_write", "bits_in_a_wrapper", "composite_reads_memory", "composite_by_subclass",
        "matrix_rank_out", "overlap_of_wrappers")), *(f"fake_{name}" for name in (
            "cache_does_not_resize", "cache_loses_offset", "dtype_of_batch_norm_statistics",
            "fallback_does_not_resize", "lift", "numbers_of_prims", "objects_by_index", "of_onednn",
            "of_other_layouts", "slice_inverse", "symbols_in_a_kernel", "symbols_lose_offset",
            "types_in_python", "unchecked"))]
    status, said, complaint = faultline("replay", *(os.path.join(CASES, f"{name}.case") for name in names))
    assert status == 0, said + complaint
