#!/usr/bin/python3
"""Each rule of the checks rejects an example that breaks it, and accepts one that does not."""

import pathlib
import unittest

import check_layering
import check_tidy
import compare_summaries


class Layering(unittest.TestCase):
    def refused(self, file, included):
        return check_layering.reason_against(file, included) is not None

    def test_order_of_folders(self):
        self.assertTrue(self.refused("engine/core/shape.h", "corpora/case/case.h"))
        self.assertTrue(self.refused("oracles/trial/trial.cpp", "reports/finding.h"))
        self.assertTrue(self.refused("fuzz/campaign/worker.cpp", "cli/command.h"))
        self.assertFalse(self.refused("reports/finding.h", "oracles/compare/divergence.h"))
        self.assertFalse(self.refused("cli/run_command.cpp", "fuzz/campaign/campaign.h"))

    def test_order_inside_the_engine(self):
        self.assertTrue(self.refused("engine/core/shape.h", "engine/dispatch/schema.h"))
        self.assertTrue(self.refused("engine/kernels/math.h", "engine/backends/machine.h"))
        self.assertTrue(self.refused("engine/backends/lanes.h", "engine/ops/plan.h"))
        self.assertTrue(self.refused("engine/backends/cuda/walk.h", "engine/dispatch/schema.h"))
        self.assertTrue(self.refused("engine/dispatch/schema.h", "engine/kernels/math.h"))
        self.assertTrue(self.refused("engine/ops/cat.cpp", "engine/autograd/node.h"))
        self.assertTrue(self.refused("engine/ops/cat.cpp", "engine/operator_cases.h"))
        self.assertTrue(self.refused("engine/ops/cat_test.cpp", "engine/autograd/node.h"))
        self.assertFalse(self.refused("engine/ops/cat_test.cpp", "engine/operator_cases.h"))
        self.assertFalse(self.refused("engine/backends/cuda/walk.h", "engine/kernels/math.h"))
        self.assertFalse(self.refused("engine/ops/cat.cpp", "engine/backends/copy.h"))
        self.assertFalse(self.refused("engine/plugin.h", "engine/ops/declaration.h"))

    def test_corpora_include_core_and_schema_only(self):
        self.assertTrue(self.refused("corpora/case/case.h", "engine/dispatch/dispatcher.h"))
        self.assertFalse(self.refused("corpora/case/case.h", "engine/dispatch/schema.h"))

    def test_a_reference_shares_nothing_with_the_judged(self):
        self.assertTrue(self.refused("oracles/reference/kernels/add.cpp", "engine/ops/add.h"))
        self.assertTrue(self.refused("oracles/reference/kernels/add.cpp", "oracles/outcome.h"))
        self.assertFalse(self.refused("oracles/reference/kernels/add.cpp", "engine/core/shape.h"))

    def test_rooms_of_oracles(self):
        self.assertTrue(self.refused("oracles/trial/effects.cpp", "oracles/subjects/load.h"))
        self.assertTrue(self.refused("oracles/subjects/engine/run.cpp", "oracles/planted/planted.h"))
        self.assertTrue(self.refused("oracles/subjects/engine/run.cpp", "oracles/isolation/child.h"))
        self.assertTrue(self.refused("oracles/gradients/derivative.cpp", "oracles/invariants/state.h"))
        self.assertTrue(self.refused("oracles/subjects/peer.cpp", "oracles/make_subject.h"))
        self.assertTrue(self.refused("oracles/new_room/file.cpp", "oracles/compare/divergence.h"))
        self.assertFalse(self.refused("oracles/trial/effects.cpp", "oracles/compare/divergence.h"))
        self.assertFalse(self.refused("oracles/trial/effects.cpp", "oracles/subject.h"))
        self.assertFalse(self.refused("oracles/make_subject.cpp", "oracles/planted/planted.h"))
        self.assertFalse(self.refused("oracles/compare/comparator_test.cpp", "oracles/trial/trial.h"))

    def test_rules_of_dispatching_share_nothing_with_the_dispatcher(self):
        self.assertTrue(self.refused("oracles/dispatch/rules/rules.cpp", "engine/dispatch/resolution.h"))
        self.assertTrue(self.refused("oracles/dispatch/rules/rules.cpp", "oracles/dispatch/machine.h"))
        self.assertFalse(self.refused("oracles/dispatch/rules/rules.cpp", "engine/core/dispatch_key.h"))

    def test_third_parties(self):
        self.assertTrue(self.refused("oracles/trial/trial.cpp", "ATen/ATen.h"))
        self.assertFalse(self.refused("oracles/subjects/torch/run.cpp", "ATen/ATen.h"))
        self.assertTrue(self.refused("reports/known.cpp", "gtest/gtest.h"))
        self.assertFalse(self.refused("reports/known_test.cpp", "gtest/gtest.h"))
        self.assertTrue(self.refused("fuzz/campaign/worker.cpp", "CLI/CLI.hpp"))
        self.assertTrue(self.refused("cli/flags.cpp", "nanobind/nanobind.h"))
        self.assertFalse(self.refused("cli/python/core.cpp", "nanobind/nanobind.h"))


class Tidy(unittest.TestCase):
    def faults(self, name, text):
        return [what for _, what in check_tidy.faults_of_text(name, text)]

    def test_long_functions(self):
        heads = ("int f(int x)", "void C::f() const", "C::C(int x) : x_(x), y_(2)", "auto f() -> int")
        for head in heads:
            long = head + " {\n" + "  g();\n" * 70 + "}\n"
            self.assertTrue(any("function" in f for f in self.faults("a.cpp", long)), head)
            short = head + " {\n" + "  g();\n" * 60 + "}\n"
            self.assertEqual(self.faults("a.cpp", short), [], head)

    def test_long_namespaces_and_classes_are_accepted(self):
        body = "  int f();\n" * 100
        self.assertEqual(self.faults("a.cpp", "namespace a {\nclass B {\n" + body + "};\n}\n"), [])

    def test_braces_in_literals_are_not_braces(self):
        text = "void f() {\n" + '  g("}{", \'{\', R"(}})");  // }\n' * 60 + "}\n" + "int x;\n" * 30
        self.assertEqual(self.faults("a.cpp", text), [])

    def test_files_lines_and_words(self):
        self.assertTrue(self.faults("a.cpp", "int x;\n" * 401))
        self.assertTrue(self.faults("a.cpp", "int " + "x" * 120 + ";\n"))
        self.assertTrue(self.faults("a.cpp", "// " + "TO" + "DO: later\n"))
        self.assertTrue(self.faults("a.cpp", "std::random" + "_device d;\n"))
        self.assertTrue(self.faults("a.cpp", "auto x = " + "ra" + "nd();\n"))
        self.assertFalse(self.faults("a.cpp", "auto x = operand();\n"))
        self.assertTrue(self.faults("a.cpp", "  rc::" + "check([] {});\n"))
        self.assertFalse(self.faults("a.cpp", "  EXPECT_TRUE(rc::check([] {}));\n"))

    def test_names_of_headers(self):
        faults = lambda *names: list(check_tidy.faults_of_headers([pathlib.PurePosixPath(n) for n in names]))
        self.assertTrue(faults("a/draw_program.h", "a/draw_programs.h"))
        self.assertTrue(faults("a/case.h", "a/cast.h"))
        self.assertFalse(faults("a/draw_program.h", "b/draw_programs.h", "a/earlier_calls.h"))
        self.assertTrue(faults("oracles/trial/effects.cpp"))
        self.assertFalse(faults("oracles/trial/effects.cpp", "oracles/trial/effects.h"))
        self.assertFalse(faults("oracles/relations/zero_oracle.cpp", "oracles/trial/effects_test.cpp"))

    def test_headers_open_with_a_comment(self):
        self.assertTrue(self.faults("a.h", "#pragma once\n"))
        self.assertTrue(self.faults("a.h", "// What it is.\nint x;\n"))
        self.assertFalse(self.faults("a.h", "// What it is.\n#pragma once\n"))

    def test_names_without_meaning(self):
        self.assertTrue(check_tidy.BAD_NAME.search("corpora/case/case_utils.h"))
        self.assertTrue(check_tidy.BAD_NAME.search("cli/helpers/x.h"))
        self.assertFalse(check_tidy.BAD_NAME.search("reports/simplify.cpp"))


class Summaries(unittest.TestCase):
    def test_values_are_compared_and_times_are_not(self):
        same = {"seconds": 1, "oracles": [{"name": "zero", "agree": 3, "timeouts": 0}]}
        other = {"seconds": 2, "oracles": [{"name": "zero", "agree": 3, "timeouts": 1}]}
        wrong = {"seconds": 1, "oracles": [{"name": "zero", "agree": 4, "timeouts": 0}]}
        self.assertEqual(list(compare_summaries.differences(same, other)), [])
        self.assertEqual(len(list(compare_summaries.differences(same, wrong))), 1)


if __name__ == "__main__":
    unittest.main()
