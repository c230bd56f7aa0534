#include "reports/reproducer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "corpora/case/image.h"
#include "reports/example_findings.h"
#include "reports/files.h"
#include "reports/python_text.h"
#include "reports/verify_reproducers.h"

namespace reports {
namespace {

using testing::HasSubstr;
using testing::Not;

bool python_has_torch() {
  static const bool has = std::system("/usr/bin/python3 -c 'import torch' >/dev/null 2>&1") == 0;
  return has;
}

// A finding without a difference.
Finding without_difference() {
  Finding finding = example::zero_strides();
  finding.verdict.right = {};
  finding.minimal.header.path = {};
  return finding;
}

TEST(Reproducer, PythonValuesAreExact) {
  const auto storage = [](const std::string& line) {
    const corpora::Case c =
        corpora::parse_case("faultline case 1\nstorage s0 " + line + "\ncall r0 a::b()\n", "case");
    return python_storage(c.storages[0], corpora::image_of(c).storages[0]);
  };
  EXPECT_EQ(storage("f32[3] values { 0x1.99999ap-4 -0x0p+0 inf }"),
            "torch.tensor([0.10000000149011612, -0.0, float('inf')], dtype=torch.float32)");
  EXPECT_EQ(storage("b8[2] values { 1 0 }"), "torch.tensor([True, False], dtype=torch.bool)");
  EXPECT_EQ(storage("i64[1] values { -9223372036854775808 }"),
            "torch.tensor([-9223372036854775808], dtype=torch.int64)");
  EXPECT_EQ(storage("c64[1] values { (0x1p+0,nan) }"),
            "torch.tensor([complex(1.0, float('nan'))], dtype=torch.complex64)");
  EXPECT_EQ(storage("f32[1] values { nan:0x7fc00001 }"),
            "torch.frombuffer(bytearray.fromhex('0100c07f'), dtype=torch.float32)");
  EXPECT_EQ(storage("f16[0] zeros"), "torch.empty(0, dtype=torch.float16)");
  EXPECT_EQ(storage("u64[2] values { 18446744073709551615 9223372036854775809 }"),
            "torch.tensor([18446744073709551615, 9223372036854775809], dtype=torch.uint64)");
  EXPECT_EQ(storage("c32[1] values { (0x1.8p+0,-0x0p+0) }"),
            "torch.tensor([complex(1.5, -0.0)], dtype=torch.complex32)");
  EXPECT_EQ(storage("f8e4m3fn[2] values { 0x1.cp+8 -0x1p-9 }"),
            "torch.tensor([448.0, -0.001953125], dtype=torch.float8_e4m3fn)");
  EXPECT_EQ(storage("f8e5m2[2] values { nan inf }"),
            "torch.frombuffer(bytearray.fromhex('7e7c'), dtype=torch.float8_e5m2)");
}

TEST(Reproducer, PythonNamesOperatorsAndQuotes) {
  EXPECT_EQ(python_operator("aten::add.Tensor"), "torch.ops.aten.add.Tensor");
  EXPECT_EQ(python_operator("aten::exp"), "torch.ops.aten.exp.default");
  EXPECT_EQ(python_operator("aten::__and__.Scalar"), "torch.ops.aten.__and__.Scalar");
  EXPECT_EQ(python_string("it's\n\\ \xff"), "'it\\'s\\x0a\\\\ \\xff'");
  EXPECT_EQ(python_number(2), "2.0");
  EXPECT_EQ(python_number(1e300), "1e+300");
}

TEST(Reproducer, ReasonIsGivenIfPythonCannotShowIt) {
  Finding finding = example::zero_strides();
  finding.verdict.divergence.uninitialised = true;
  EXPECT_THAT(repro_py(finding).absent, HasSubstr("pattern"));
  EXPECT_TRUE(repro_py(finding).text.empty());
  finding = example::zero_strides();
  finding.verdict.right = corpora::parse_path("typed");
  EXPECT_THAT(repro_py(finding).absent, HasSubstr("boxed"));
  finding.signature.subject = "engine";
  EXPECT_THAT(repro_py(finding).absent, HasSubstr("PyTorch"));
}

// A finding of autograd along `path`, for one call of an f64 matrix of two rows.
Finding of_autograd(const std::string& call, const std::string& schema, const std::string& path,
                    oracles::Part part) {
  Finding finding = example::zero_strides();
  finding.minimal = corpora::parse_case("faultline case 1\nsubject torch\noracle autograd\npath " + path +
                                            "\nstorage s0 f64[4] values { 0x1p+0 0x1.8p+0 -0x1p+0 0x1p+1 }\n"
                                            "input t0 s0 sizes [4, 1] strides [1, 1] offset 0\ncall r0 " +
                                            call + "\n",
                                        "autograd");
  finding.schemas = {engine::parse_schema(schema)};
  finding.signature = {"torch", "autograd", finding.schemas[0].qualified(), oracles::Kind::gradient};
  finding.verdict.left = {};
  finding.verdict.right = finding.minimal.header.path;
  finding.verdict.divergence =
      oracles::divergence_of(oracles::Kind::gradient, {part}, oracles::side_showing(oracles::Element::of(1)),
                             oracles::side_showing(oracles::Element::of(2)));
  finding.verdict.divergence.op = finding.signature.op;
  return finding;
}

// How /usr/bin/python3 ends the script, also with --same.
std::pair<int, int> ends_of_script(const Finding& finding) {
  const example::Directory base("gradient");
  const Reproducer made = repro_py(finding);
  EXPECT_EQ(made.absent, "");
  std::filesystem::create_directories(base / "0");
  write_text(base / "0/repro.py", made.text);
  const auto end = [&](const char* flag) {
    return WEXITSTATUS(std::system(("/usr/bin/python3 " + (base / "0/repro.py") + flag + " >&2").c_str()));
  };
  return {end(""), end(" --same")};
}

TEST(Reproducer, ScriptComparesSlopesOfEachMode) {
  if (!python_has_torch()) GTEST_SKIP() << "no torch for /usr/bin/python3: reproducers are not run";
  for (const std::string path : {"grad", "dual(0)", "grad+second"}) {
    const Finding right =
        of_autograd("aten::exp(self=t0)", "aten::exp(Tensor self) -> Tensor", path, oracles::Part::gradient);
    EXPECT_EQ(ends_of_script(right), std::pair(0, 0)) << path;
    EXPECT_THAT(repro_cpp(right).absent, HasSubstr("Python"));
  }
  // Its formula returns 0, not the derivative, which is infinite.
  const Finding wrong = of_autograd("aten::round(self=t0)", "aten::round(Tensor self) -> Tensor", "grad",
                                    oracles::Part::gradient);
  EXPECT_EQ(ends_of_script(wrong), std::pair(1, 0)) << "the second element is at a jump";
}

TEST(Reproducer, ScriptRunsAProgramBackwardsOrExpectsAnError) {
  if (!python_has_torch()) GTEST_SKIP() << "no torch for /usr/bin/python3: reproducers are not run";
  const std::string schema = "aten::exp_(Tensor(a!) self) -> Tensor(a!)";
  const auto write = [&](const std::string& path, oracles::Part part) {
    return ends_of_script(of_autograd("aten::exp_(self=t0)", schema, path, part));
  };
  EXPECT_EQ(write("grad", oracles::Part::backward), std::pair(0, 0)) << "the program can run backwards";
  EXPECT_EQ(write("grad+leaf(0)", oracles::Part::forbidden), std::pair(0, 0)) << "the write of a leaf raises";
  EXPECT_EQ(write("grad", oracles::Part::forbidden), std::pair(1, 0))
      << "the write of another tensor does not";
  EXPECT_EQ(write("grad+constant(0)", oracles::Part::result), std::pair(0, 0));
  EXPECT_EQ(write("grad", oracles::Part::result), std::pair(1, 0)) << "a result that requires a gradient";
}

TEST(Reproducer, NoScriptOverwritesSavedTensors) {
  const Finding finding = of_autograd("aten::exp(self=t0)", "aten::exp(Tensor self) -> Tensor",
                                      "grad+overwritten(3)", oracles::Part::gradient);
  EXPECT_THAT(repro_py(finding).absent, HasSubstr("saved"));
}

// A program as a graph: its last call writes what the alias of an input shows.
TEST(Reproducer, ScriptRunsTheProgramAsAGraph) {
  if (!python_has_torch()) GTEST_SKIP() << "no torch for /usr/bin/python3: reproducers are not run";
  Finding finding = example::zero_strides();
  finding.signature.oracle = "fuser";
  finding.signature.kind = finding.verdict.divergence.kind = oracles::Kind::value;
  finding.verdict.left = corpora::parse_path("form(0)+fused(0)");
  finding.verdict.right = corpora::parse_path("form(0)+fused(1)");
  EXPECT_EQ(ends_of_script(finding), std::pair(0, 0));
  EXPECT_THAT(repro_py(finding).text, HasSubstr("torch.jit.trace"));
  finding.verdict.right = corpora::parse_path("form(0)+fused(2)");
  EXPECT_FALSE(repro_py(finding).absent.empty()) << "only Faultline takes the fallback of a group";
}

TEST(Reproducer, ScriptMakesTensorsOnTheDeviceOfTheRun) {
  Finding finding = example::zero_strides();
  finding.origin.device = "privateuseone";
  EXPECT_THAT(repro_py(finding).text, HasSubstr("t.to(device)"));
  EXPECT_THAT(repro_cpp(finding).absent, HasSubstr("privateuseone"));
  finding.verdict.right = corpora::parse_path("private_device");
  EXPECT_THAT(repro_py(finding).text, HasSubstr(R"("cpu" if ("private_device", None) in side.layers)"));
  finding.origin.device = "private";
  EXPECT_THAT(repro_py(finding).absent, HasSubstr("only Faultline"));
}

TEST(Reproducer, HostileTextDoesNotEndAStringOrComment) {
  const std::string python = repro_py(example::hostile()).text;
  EXPECT_THAT(python, Not(HasSubstr("\"quotes\"")));
  const std::string cpp = repro_cpp(example::hostile()).text;
  for (size_t at = 0; (at = cpp.find("alert", at)) != std::string::npos; ++at)
    EXPECT_EQ(cpp.substr(cpp.rfind('\n', at) + 1, 2), "//") << "in a comment only";
}

TEST(Reproducer, ScriptThatShowsTheDifferenceIsKept) {
  if (!python_has_torch()) GTEST_SKIP() << "no torch for /usr/bin/python3: reproducers are not run";
  const example::Directory base("kept");
  write_finding(example::zero_strides(), base / "0");
  EXPECT_EQ(verify_reproducers({base / "0"}, {}), "");
  const Finding finding = read_finding(base / "0");
  EXPECT_TRUE(finding.repro_py_verified);
  EXPECT_EQ(finding.repro_py_absent, "");
  EXPECT_TRUE(std::filesystem::exists(base / "0/repro.py"));
}

// Both runs share a process only if both end as expected.
TEST(Reproducer, StateOfTheFirstRunDoesNotAffectTheSecond) {
  if (!python_has_torch()) GTEST_SKIP() << "no torch for /usr/bin/python3: reproducers are not run";
  const example::Directory base("left");
  const std::string leaves =
      "import os, signal, sys\nif \"--same\" not in sys.argv:\n    sys.left = 1\n    sys.exit(1)\n";
  write_finding(example::zero_strides(), base / "0");
  write_text(base / "0/repro.py", leaves + "sys.exit(1 if hasattr(sys, \"left\") else 0)\n");
  write_finding(example::zero_strides(), base / "1");
  write_text(base / "1/repro.py",
             leaves + "if hasattr(sys, \"left\"):\n    os.kill(os.getpid(), signal.SIGSEGV)\nsys.exit(0)\n");
  EXPECT_EQ(verify_reproducers({base / "0", base / "1"}, {}), "");
  for (const char* each : {"0", "1"}) {
    EXPECT_TRUE(read_finding(base / each).repro_py_verified) << each;
    EXPECT_EQ(read_finding(base / each).repro_py_absent, "") << each;
  }
}

TEST(Reproducer, CallerCanStopTheRuns) {
  if (!python_has_torch()) GTEST_SKIP() << "no torch for /usr/bin/python3: reproducers are not run";
  const example::Directory base("enough");
  for (const char* each : {"0", "1"}) {
    write_finding(example::zero_strides(), base / each);
    write_text(base / each + "/repro.py", "import sys\nsys.exit(0 if \"--same\" in sys.argv else 1)\n");
  }
  EXPECT_EQ(verify_reproducers({base / "0", base / "1"}, [](size_t, size_t) { return false; }),
            "stopped: 1 of 2 reproducers were run");
  // They run at the same time, so either may end first.
  EXPECT_NE(read_finding(base / "0").repro_py_verified, read_finding(base / "1").repro_py_verified);
}

TEST(Reproducer, ScriptThatShowsNothingIsDeleted) {
  if (!python_has_torch()) GTEST_SKIP() << "no torch for /usr/bin/python3: reproducers are not run";
  const example::Directory base("deleted");
  write_finding(without_difference(), base / "0");
  write_finding(example::zero_strides_of("evil::op"), base / "1");
  write_finding(example::zero_strides(), base / "2");
  write_text(base / "2/repro.py", "import sys\nsys.exit(1)\n");
  EXPECT_EQ(verify_reproducers({base / "0", base / "1", base / "2"}, {}), "");
  EXPECT_EQ(read_finding(base / "0").repro_py_absent, "Python shows both sides alike: returns [[1, 2]]");
  EXPECT_THAT(read_finding(base / "1").repro_py_absent, HasSubstr("alike: raises"));
  EXPECT_THAT(read_finding(base / "2").repro_py_absent, HasSubstr("even when they run alike"));
  for (const char* each : {"0", "1", "2"})
    EXPECT_FALSE(std::filesystem::exists(base / (std::string(each) + "/repro.py"))) << each;
}

TEST(Reproducer, ScriptStaysIfThereIsNoTorch) {
  const example::Directory base("absent");
  write_finding(example::zero_strides(), base / "0");
  setenv("FAULTLINE_PYTHON", "/bin/false-python", 1);
  EXPECT_THAT(verify_reproducers({base / "0"}, {}), HasSubstr("python3-torch"));
  unsetenv("FAULTLINE_PYTHON");
  EXPECT_TRUE(std::filesystem::exists(base / "0/repro.py"));
  EXPECT_FALSE(read_finding(base / "0").repro_py_verified);
}

}  // namespace
}  // namespace reports
