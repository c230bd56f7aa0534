"""The layers of paths that need Python: a mode and wrapper tensors that change nothing."""

import tempfile
import unittest

import test_command
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


class InPython(unittest.TestCase):
    """Operators in Python."""

    setUp, findings = test_command.Mistakes.setUp, test_command.Mistakes.findings

    def test_composite_that_reads_memory(self):
        self.assertIn("python", {oracle for oracle, _ in self.findings("reads_memory", "python")})

    def test_right_operator_through_python(self):
        self.assertEqual(self.findings("correct", "python", cases=500), {})


if __name__ == "__main__":
    unittest.main()
