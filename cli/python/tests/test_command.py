"""The command inside Python, on operators written in Python (mistakes.py)."""

import glob
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import unittest

import torch

HERE = os.path.dirname(os.path.abspath(__file__))


def faultline(*arguments, cwd=HERE, environment=None):
    """Runs the command in an interpreter of its own; its exit status and what it printed."""
    run = subprocess.run([sys.executable, "-m", "faultline", *arguments], cwd=cwd, text=True,
                         env={**os.environ, **(environment or {})}, capture_output=True, timeout=600, check=False)
    return run.returncode, run.stdout, run.stderr


class Mistakes(unittest.TestCase):
    """Each mistake of mistakes.py is found, and nothing is wrong with the correct operator."""

    def setUp(self):
        self.out = tempfile.TemporaryDirectory()
        self.addCleanup(self.out.cleanup)

    def findings(self, op, oracles="all", cases=400):
        """(oracle, kind) -> the folder of a finding on the operator, after a run on it."""
        status, _, said = faultline("run", "mistakes", "--ops", f"mistakes::{op}", "--oracles", oracles,
                                    "--cases", str(cases), "--seed", "1", "--jobs", "1", "--out", self.out.name)
        self.assertIn(status, (0, 1), said)
        found = {}
        for file in glob.glob(os.path.join(self.out.name, "findings", "*", "finding.json")):
            with open(file, encoding="utf-8") as text:
                finding = json.load(text)
            if finding["operator"] == f"mistakes::{op}":
                found[finding["oracle"], finding["kind"]] = os.path.dirname(file)
                self.assertEqual(status, 1, said)
        return found

    def test_correct_operator(self):
        self.assertEqual(self.findings("correct", cases=2000), {})

    def test_correct_operator_gives_status_0(self):
        oracles = "state,schema,layout,determinism,boxing,neg"
        status, _, said = faultline("run", "mistakes", "--ops", "mistakes::correct", "--oracles", oracles,
                                    "--cases", "1000", "--seed", "1", "--jobs", "1", "--out", self.out.name)
        self.assertEqual(status, 0, said)

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
            self.assertEqual(json.load(text)["divergence"]["right"]["error_class"], "IndexError")

    def test_hang(self):
        self.assertIn(("state", "timeout"), self.findings("hangs", "state", cases=20))

    def test_import_in_the_first_call_is_no_hang(self):
        self.assertEqual(self.findings("imports_slowly", "state", cases=20), {})

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


@unittest.skipUnless(hasattr(torch.library, "custom_op"), "this PyTorch has no torch.library.custom_op")
class Customs(unittest.TestCase):
    """Operators of torch.library.custom_op (customs.py) are judged like others."""

    def setUp(self):
        self.out = tempfile.TemporaryDirectory()
        self.addCleanup(self.out.cleanup)

    def run_on(self, module, *arguments, environment=None, cases=1500):
        """The summary of a run, and (operator, oracle, kind) of its findings."""
        _, printed, said = faultline("run", module, "--cases", str(cases), "--seed", "1", "--jobs", "1", "--out",
                                     self.out.name, "--json", *arguments, environment=environment)
        self.assertTrue(printed, said)
        found = set()
        for file in glob.glob(os.path.join(self.out.name, "findings", "*", "finding.json")):
            with open(file, encoding="utf-8") as text:
                finding = json.load(text)
            found.add((finding["operator"], finding["oracle"], finding["kind"]))
        return json.loads(printed), found

    def test_right_ones_and_gaps_are_no_findings(self):
        for name in ("sine", "without_fake", "positive"):
            summary, found = self.run_on("customs", "--ops", f"customs::{name}")
            self.assertEqual({f for f in found if f[0].startswith("customs")}, set(), name)
            meta = next(o for o in summary["oracles"] if o["name"] == "meta")
            self.assertGreater(meta["agree"] if name == "sine" else meta["gap"] + meta["incomparable"], 0, name)

    def test_undeclared_write(self):
        _, found = self.run_on("customs", "--ops", "customs::undeclared_write", "--oracles", "schema")
        kinds = {kind for op, oracle, kind in found if (op, oracle) == ("customs::undeclared_write", "schema")}
        self.assertTrue(kinds & {"mutation", "version"}, found)

    @unittest.skipUnless(importlib.util.find_spec("triton"), "Triton is not installed")
    def test_kernels_in_triton(self):
        _, found = self.run_on("tritons", "--oracles", "layout", environment={"TRITON_INTERPRET": "1"}, cases=150)
        self.assertEqual(found, {("tritons::twice_of_contiguous", "layout", "value")})
        _, _, said = faultline("run", "tritons", "--cases", "1", "--out", self.out.name)
        self.assertIn("only with TRITON_INTERPRET=1", said)

    def test_operators_of_pytorch_that_an_import_defines_are_not_the_author_s(self):
        self.run_on("imports_others", "--oracles", "state")
        with open(os.path.join(self.out.name, "coverage.json"), encoding="utf-8") as text:
            names = list(json.load(text)["operators"])
        self.assertIn("imports_others::copied", names)
        self.assertEqual([n for n in names if n.startswith(("prims", "streams", "fsdp", "onnx"))], [])


@unittest.skipUnless(hasattr(torch.library, "custom_op"), "this PyTorch has no torch.library.custom_op")
class Authors(unittest.TestCase):
    """Ordinary operators (author_operators.py): right, and each with one mistake."""

    def run_on_all(self, mistaken, cases):
        """The exit status, and the operators of new findings."""
        with tempfile.TemporaryDirectory() as out:
            status, printed, said = faultline("run", "author_operators", "--cases", str(cases), "--seed", "2",
                                              "--jobs", "1", "--out", out, "--json",
                                              environment={"AUTHOR_MISTAKEN": "1" if mistaken else "0"})
        self.assertTrue(printed, said)
        new = [f for f in json.loads(printed)["findings"] if f["owner"] == "author" and not f["known"]]
        return status, {f["operator"].removeprefix("author_py::") for f in new}

    def test_right_ones_end_with_status_0(self):
        self.assertEqual(self.run_on_all(False, 4000), (0, set()))

    def test_mistakes_are_found(self):
        status, found = self.run_on_all(True, 4000)
        self.assertEqual(status, 1)
        self.assertEqual({"silu_and_mul", "row_sums", "flipped", "shifted", "padded", "scaled_",
                          "halves", "noisy", "without_grad"} - found, set())


class Modules(unittest.TestCase):
    """Modules that cannot be tested are refused in one line."""

    def refusal(self, *arguments):
        status, printed, said = faultline("run", *arguments, "--cases", "10")
        # PyTorch's own Python code may register operators with schemas that Faultline does not know.
        said = "".join(line for line in said.splitlines(True) if ": not drawn: " not in line)
        self.assertEqual((status, printed, said.count("\n")), (2, "", 1), said)
        return said

    def test_missing_module(self):
        self.assertIn("ModuleNotFoundError: No module named 'no_such_module'", self.refusal("no_such_module"))

    def test_file_instead_of_a_module(self):
        self.assertIn("such as mistakes", self.refusal("./mistakes.py"))

    def test_module_without_operators(self):
        self.assertIn("registers no operator", self.refusal("this_module_registers_nothing"))

    def test_module_that_exits(self):
        said = self.refusal("exits_when_imported")
        self.assertIn(f"cannot be imported with PyTorch {torch.__version__}: SystemExit", said)


if __name__ == "__main__":
    unittest.main()
