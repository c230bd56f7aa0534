"""The layers of paths that need Python: a mode and wrapper tensors that change nothing, and fake tensors."""

import json
import os
import tempfile
import unittest

import test_command
import torch
from test_command import faultline


class Planted(unittest.TestCase):
    """The oracles find the bugs of the planted library."""

    def found(self, plant, oracle):
        """A run on one planted bug ends with a new finding."""
        with tempfile.TemporaryDirectory() as out:
            status, printed, said = faultline("run", "--subject", "torch", "--plant", plant, "--oracles", oracle,
                                              "--cases", "300", "--seed", "1", "--jobs", "1", "--fail-fast",
                                              "--out", out)
        self.assertEqual(status, 1, said + printed)

    def test_composite_that_reads_memory(self):
        self.found("python_reads_memory", "python")

    def test_composite_that_skips_the_python_key(self):
        self.found("python_skipped", "python")

    @unittest.skipIf(torch.__version__ < "2", "PyTorch 1.13 has no cache of fake tensors")
    def test_fake_kernels(self):
        self.found("fake_alias", "fake")
        self.found("fake_device", "fake")


class InPython(unittest.TestCase):
    """Operators in Python."""

    setUp, findings = test_command.Mistakes.setUp, test_command.Mistakes.findings

    def test_composite_that_reads_memory(self):
        self.assertIn("python", {oracle for oracle, _ in self.findings("reads_memory", "python")})

    def test_right_operator(self):
        self.assertEqual(self.findings("correct", "python,fake", cases=500), {})

    @unittest.skipIf(torch.__version__ < "2", "PyTorch 1.13 has no cache of fake tensors")
    def test_fake_with_other_strides(self):
        self.assertIn(("fake", "strides"), self.findings("fake_strides", "fake"))

    @unittest.skipIf(torch.__version__ < "2", "PyTorch 1.13 has no cache of fake tensors")
    def test_fake_that_knows_no_symbols(self):
        self.assertIn(("fake", "error"), self.findings("fake_wants_ints", "fake"))

    @unittest.skipIf(torch.__version__ < "2", "PyTorch 1.13 has no cache of fake tensors")
    def test_fake_that_returns_another_number(self):
        self.assertIn(("fake", "value"), self.findings("fake_counts", "fake"))


CONSTANT = """faultline case 1
subject torch
oracle fake
path fake({})
storage s0 f32[1] ones
input t0 s0 sizes [] strides [] offset 0
call r0 aten::add_.Scalar(self=t0, other=2, alpha=1)
call r1 aten::_local_scalar_dense(self=t0)
"""


@unittest.skipIf(torch.__version__ < "2", "PyTorch 1.13 has no cache of fake tensors")
class Constants(unittest.TestCase):
    """Fake tensors of one element that know it."""

    def judgement(self, draw):
        """Of a program that writes a tensor and returns its element."""
        with tempfile.TemporaryDirectory() as folder:
            file = os.path.join(folder, "constant.case")
            with open(file, "w", encoding="utf-8") as text:
                text.write(CONSTANT.format(draw))
            _, printed, said = faultline("replay", file, "--json")
        self.assertIn("[", printed, said)
        return json.loads(printed)[0]["judgement"]

    def test_element_of_a_constant_is_known_after_a_write(self):
        self.assertEqual(self.judgement(2), "agree")
        self.assertEqual(self.judgement(3), "agree")

    def test_element_of_another_fake_is_not_known(self):
        self.assertEqual(self.judgement(0), "gap")


if __name__ == "__main__":
    unittest.main()
