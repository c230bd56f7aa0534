"""The command inside Python, on operators written in Python (mistakes.py)."""

import glob
import json
import os
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))


def faultline(*arguments, cwd=HERE):
    """Runs the command in an interpreter of its own; its exit status and what it printed."""
    run = subprocess.run([sys.executable, "-m", "faultline", *arguments], cwd=cwd, text=True,
                         capture_output=True, timeout=600, check=False)
    return run.returncode, run.stdout, run.stderr


class Mistakes(unittest.TestCase):
    """Each mistake of mistakes.py is found, and nothing is wrong with the correct operator."""

    def setUp(self):
        self.out = tempfile.TemporaryDirectory()
        self.addCleanup(self.out.cleanup)

    def findings(self, op, oracles="all", cases=400):
        """(oracle, kind) -> the folder of a finding, after a run on one operator."""
        status, _, said = faultline("run", "mistakes", "--ops", f"mistakes::{op}", "--oracles", oracles,
                                    "--cases", str(cases), "--seed", "1", "--jobs", "1", "--out", self.out.name)
        found = {}
        for file in glob.glob(os.path.join(self.out.name, "findings", "*", "finding.json")):
            with open(file, encoding="utf-8") as text:
                finding = json.load(text)
            self.assertEqual(finding["operator"], f"mistakes::{op}")
            found[finding["oracle"], finding["kind"]] = os.path.dirname(file)
        self.assertEqual(status, 1 if found else 0, said)
        return found

    def test_correct_operator_gives_status_0(self):
        self.assertEqual(self.findings("correct", cases=2000), {})

    def test_kernel_that_ignores_strides(self):
        found = self.findings("ignores_strides", "layout")
        self.assertIn(("layout", "value"), found)
        self.assertTrue(os.path.exists(os.path.join(found["layout", "value"], "repro.py")))
        self.assertFalse(os.path.exists(os.path.join(found["layout", "value"], "repro.cpp")))

    def test_fake_with_other_strides(self):
        self.assertIn(("meta", "strides"), self.findings("fake_strides", "meta"))

    def test_exception_of_the_fake_alone(self):
        found = self.findings("fake_raises", "meta")
        with open(os.path.join(found["meta", "error"], "finding.json"), encoding="utf-8") as text:
            self.assertEqual(json.load(text)["divergence"]["right"]["class"], "IndexError")

    def test_hang(self):
        self.assertIn(("state", "timeout"), self.findings("hangs", "state", cases=20))

    def test_process_that_ends(self):
        self.assertIn(("state", "crash"), self.findings("ends_the_process", "state", cases=40))

    def test_system_exit_is_an_exception(self):
        self.assertEqual(self.findings("exits", "meta,state", cases=100).keys() - {("meta", "error")}, set())

    def test_replay_finds_it_again(self):
        folder = self.findings("ignores_strides", "layout", cases=100)["layout", "value"]
        with open(os.path.join(folder, "finding.case"), encoding="utf-8") as text:
            self.assertIn('load "python:mistakes"', text.read())
        status, printed, said = faultline("replay", folder)
        self.assertEqual(status, 0, said)
        self.assertIn("mistakes::ignores_strides", printed)


class Modules(unittest.TestCase):
    """Modules that cannot be tested are refused in one line."""

    def refusal(self, *arguments):
        status, printed, said = faultline("run", *arguments, "--cases", "10")
        self.assertEqual((status, printed, said.count("\n")), (2, "", 1), said)
        return said

    def test_missing_module(self):
        self.assertIn("ModuleNotFoundError: No module named 'no_such_module'", self.refusal("no_such_module"))

    def test_file_instead_of_a_module(self):
        self.assertIn("such as mistakes", self.refusal("./mistakes.py"))

    def test_module_without_operators(self):
        self.assertIn("registers no operator", self.refusal("this_module_registers_nothing"))

    def test_module_that_exits(self):
        self.assertIn("SystemExit", self.refusal("exits_when_imported"))


if __name__ == "__main__":
    unittest.main()
