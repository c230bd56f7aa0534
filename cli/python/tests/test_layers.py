"""The layers of paths that need Python: a mode and wrapper tensors that change nothing, and fake tensors."""

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


if __name__ == "__main__":
    unittest.main()
