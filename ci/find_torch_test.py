#!/usr/bin/python3
"""Which libtorch CMake takes (ci/cmake/find_torch.cmake), of folders that have its files with nothing inside."""

import os
import pathlib
import re
import subprocess
import tempfile
import unittest

SOURCE = pathlib.Path(__file__).resolve().parent
PARTS = ("include/ATen/core/dispatch/Dispatcher.h", "lib/libtorch_cpu.so", "lib/libc10.so")
VERSION = "include/torch/headeronly/version.h"
PROJECT = """cmake_minimum_required(VERSION 3.25)
project(example LANGUAGES NONE)
option(FAULTLINE_TORCH "" ON)
include({}/cmake/find_torch.cmake)
"""


class FindTorch(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name).resolve()
        (self.folder / "CMakeLists.txt").write_text(PROJECT.format(SOURCE))

    def torch(self, place, version="9.8.7", without=""):
        """Makes a libtorch of this version in the folder, without one of its parts."""
        for part in PARTS:
            if part != without:
                (self.folder / place / part).parent.mkdir(parents=True, exist_ok=True)
                (self.folder / place / part).touch()
        (self.folder / place / VERSION).parent.mkdir(parents=True, exist_ok=True)
        names = zip(("MAJOR", "MINOR", "PATCH"), version.split("."))
        lines = (f"#define TORCH_VERSION_{name} {number}\n" for name, number in names)
        (self.folder / place / VERSION).write_text("".join(lines))
        return str(self.folder / place)

    def configure(self, *options, build="build", **environment):
        """What CMake says of libtorch: its version and library; or the error."""
        kept = {name: value for name, value in os.environ.items()
                if name not in ("CMAKE_PREFIX_PATH", "VIRTUAL_ENV")}
        ran = subprocess.run(["cmake", "-S", self.folder, "-B", self.folder / build, *options], text=True,
                             capture_output=True, env={**kept, **environment}, check=False)
        if ran.returncode != 0:
            return "error: " + " ".join(ran.stderr.split())
        return re.search("^-- libtorch: (.*)", ran.stdout, re.M)[1]

    def test_each_form_of_a_prefix(self):
        package = self.torch("env/lib/python3.11/site-packages/torch")
        found = f"9.8.7, {package}/lib/libtorch_cpu.so"
        for prefix in (package, package + "/", package + "/share/cmake", f"{self.folder}/env"):
            self.assertEqual(self.configure(f"-DCMAKE_PREFIX_PATH={prefix}"), found)
            self.assertEqual(self.configure(f"-DFAULTLINE_TORCH_PREFIX={prefix}"), found)
            self.assertEqual(self.configure(CMAKE_PREFIX_PATH=f"/nowhere:{prefix}"), found)
            self.assertEqual(self.configure(f"-DCMAKE_PREFIX_PATH=/nowhere;{prefix}"), found)

    def test_order(self):
        prefix = self.torch("prefix", "1.1.1")
        active = self.torch("env/lib/python3.9/site-packages/torch", "2.2.2")
        environment = {"VIRTUAL_ENV": str(self.folder / "env")}
        self.assertIn("2.2.2", self.configure(**environment))
        self.assertIn("1.1.1", self.configure(f"-DCMAKE_PREFIX_PATH={prefix}", **environment))
        self.assertIn("1.1.1", self.configure(CMAKE_PREFIX_PATH=prefix, **environment))
        self.assertIn("2.2.2", self.configure(f"-DFAULTLINE_TORCH_PREFIX={active}", CMAKE_PREFIX_PATH=prefix))
        self.assertIn("switched off", self.configure("-DFAULTLINE_TORCH=OFF", **environment))

    def test_an_environment_without_torch_leaves_the_system(self):
        (self.folder / "env").mkdir()
        system = self.configure(build="system")
        self.assertNotIn("error", system)
        self.assertEqual(self.configure(VIRTUAL_ENV=str(self.folder / "env"), build="active"), system)

    def test_an_unusable_prefix_is_an_error(self):
        whole = {"VIRTUAL_ENV": self.torch("whole")}
        for number, part in enumerate(PARTS):
            prefix = self.torch(f"unusable{number}", without=part)
            self.assertIn(f"{prefix} has no usable libtorch", self.configure(
                f"-DCMAKE_PREFIX_PATH={prefix}", **whole))
        folder = self.folder / "whole/without/torch"
        folder.mkdir(parents=True)
        self.assertIn("has no usable libtorch", self.configure(f"-DCMAKE_PREFIX_PATH={folder}"))

    def test_parts_of_two_prefixes_do_not_mix(self):
        prefixes = [self.torch("headers", "1.1.1", without=PARTS[1]), self.torch("other", "2.2.2")]
        self.assertEqual(self.configure(f"-DCMAKE_PREFIX_PATH={';'.join(prefixes)}"),
                         f"2.2.2, {prefixes[1]}/lib/libtorch_cpu.so")

    def test_a_build_folder_can_be_configured_again(self):
        prefixes = [self.torch("one", "1.1.1"), self.torch("two", "2.2.2")]
        for version, prefix in zip(("1.1.1", "2.2.2"), prefixes):
            self.assertIn(version, self.configure(f"-DCMAKE_PREFIX_PATH={prefix}"))


if __name__ == "__main__":
    unittest.main()
