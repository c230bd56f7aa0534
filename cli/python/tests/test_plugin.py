"""The torch subject for another PyTorch is compiled once; or one line says why not. CMake is a script here."""

import importlib.util
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from faultline import _plugin

ASK = """
from faultline import _plugin
try:
    print(_plugin.file_for(__import__("torch")))
except _plugin.CannotCompile as error:
    print("cannot:", error)
"""
BUILDS = """#!/bin/sh
[ "$1" = --build ] || exit 0
echo build >> "$COUNTED"
sleep 1
echo '[1/2] Building'
mkdir -p "$2/lib" && touch "$2/lib/libfaultline_torch.so"
"""
LACKS_A_PACKAGE = """#!/bin/sh
printf 'CMake Error at a.cmake:3 (message):\\n  libraries are missing;\\n  install them\\n\\n\\nmore\\n'
exit 1
"""
DOES_NOT_FIT = """#!/bin/sh
[ "$1" = --build ] || exit 0
printf '[1/2] Building\\nFAILED: a.o\\ng++ a.cpp\\na.cpp:1:2: error: no member\\na.cpp:3:4: error: other\\n'
exit 1
"""


class Compiling(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        (self.folder / "bin").mkdir()
        (self.folder / "torch").mkdir()
        (self.folder / "torch" / "__init__.py").touch()
        (self.folder / "torch" / "version.py").write_text("__version__ = '0.1'\n")

    def cmake(self, script):
        (self.folder / "bin" / "cmake").write_text(script)
        (self.folder / "bin" / "cmake").chmod(0o755)

    def start(self, path=None):
        """A process that needs the torch subject for a PyTorch that no package was built with."""
        places = [str(self.folder), *(place for place in sys.path if place)]
        environment = {**os.environ, "XDG_CACHE_HOME": str(self.folder / "cache"),
                       "PATH": path or f"{self.folder / 'bin'}:{os.environ['PATH']}",
                       "COUNTED": str(self.folder / "count"), "PYTHONPATH": os.pathsep.join(places)}
        return subprocess.Popen([sys.executable, "-B", "-c", ASK], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                text=True, env=environment)

    def said(self, path=None):
        """What such a process prints: on standard output and error."""
        return self.start(path).communicate(timeout=300)

    def cached(self):
        return sorted(str(path.relative_to(self.folder / "cache" / "faultline"))
                      for path in (self.folder / "cache" / "faultline").rglob("*"))

    def test_several_processes_compile_once(self):
        self.cmake(BUILDS)
        (self.folder / "cache" / "faultline").mkdir(parents=True)
        answers = [process.communicate(timeout=300) for process in [self.start() for _ in range(3)]]
        file = answers[0][0].strip()
        self.assertTrue(os.path.exists(file), answers)
        self.assertEqual({answer for answer, _ in answers}, {file + "\n"}, answers)
        self.assertEqual((self.folder / "count").read_text(), "build\n")
        self.assertIn("this takes minutes", "".join(progress for _, progress in answers))
        self.assertIn("waiting for it", "".join(progress for _, progress in answers))
        self.assertEqual(self.said(), (file + "\n", ""))
        self.assertEqual((self.folder / "count").read_text(), "build\n")
        self.assertEqual(len(self.cached()), 2, self.cached())  # the folder and the file in it

    def test_what_a_stopped_process_left_is_no_obstacle(self):
        self.cmake(BUILDS)
        file = Path(self.said()[0].strip())
        left = file.parent.with_name(file.parent.name + ".building")
        file.parent.rename(left)
        file.parent.with_name(file.parent.name + ".lock").touch()
        self.assertEqual(self.said()[0], f"{file}\n")
        self.assertFalse(left.exists())

    def test_why_it_cannot_be_compiled_is_one_line_that_names_the_log(self):
        for script, reason in ((LACKS_A_PACKAGE, "libraries are missing; install them"),
                               (DOES_NOT_FIT, "a.cpp:1:2: error: no member")):
            self.cmake(script)
            answer, _ = self.said()
            self.assertRegex(answer, r"^cannot: the torch subject for torch-0.1-\w+ cannot be compiled: "
                                     rf"{reason} \(log: \S+[.]log\)\n$")
            self.assertIn("error", Path(answer.split("log: ")[1][:-2]).read_text().lower())
        self.assertFalse([name for name in self.cached() if "building" in name])
        self.cmake(BUILDS)
        self.assertNotIn("cannot", self.said()[0])
        self.assertEqual(len(self.cached()), 2, self.cached())

    def test_without_cmake(self):
        self.assertIn("cmake is not on PATH", self.said(path=str(self.folder / "bin"))[0])

BUILD = Path(_plugin.HERE).parent.parent


@unittest.skipUnless((BUILD / "cmake_install.cmake").exists(), "an installed package has no build folder")
class Sources(unittest.TestCase):
    def test_what_a_wheel_contains_can_be_configured(self):
        with tempfile.TemporaryDirectory() as folder:
            package = Path(folder) / "faultline"
            torch_folder = os.path.dirname(importlib.util.find_spec("torch").origin)
            for command in (["--install", BUILD, "--component", "python", "--prefix", folder],
                            ["-G", "Ninja", "-S", package / "source", "-B", f"{folder}/build",
                             f"-DFAULTLINE_PREFIX={package}",
                             f"-DFAULTLINE_TORCH_PREFIX={_plugin.cmake_prefix(torch_folder)}"]):
                ran = subprocess.run(["cmake", *command], text=True, capture_output=True, check=False)
                self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)
            self.assertIn("libtorch: ", ran.stdout)


if __name__ == "__main__":
    unittest.main()
