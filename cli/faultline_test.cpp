// The contract of the command: exit statuses, one-line errors, what goes to which stream.
#include "cli/command_cases.h"

namespace cli {
namespace {

class Faultline : public CommandTest {};

TEST_F(Faultline, VersionAndHelpGoToStandardOutput) {
  const Ran version = run("--version");
  EXPECT_EQ(version.status, 0);
  EXPECT_EQ(version.out.substr(0, 10), "faultline ");
  const Ran text = run("run --help");
  EXPECT_EQ(text.status, 0);
  for (const char* flag : {"--subject", "--load", "--ops", "--oracles", "--device", "--cases", "--time",
                           "--seed", "--jobs", "--out", "--known", "--plant", "--timeout", "--memory",
                           "--fail-fast", "--json", "--domains", "--tolerances", "--samples"})
    EXPECT_NE(text.out.find(flag), std::string::npos) << flag;
}

TEST_F(Faultline, BadUsageIsRefusedInOneLine) {
  expect_refused("", "");
  expect_refused("walk", "walk");
  expect_refused("run --speed 3", "--speed");
  expect_refused("run --cases many", "--cases");
  expect_refused("run --cases -3", "--cases");
  expect_refused("run --cases 0", "--cases: '0' is not a count; expected a whole number from 1 up");
  expect_refused("run --cases 99999999999999999999", "--cases");
  expect_refused("run --time nan", "--time: 'nan' is not a number of seconds above 0");
  expect_refused("run --cases 3 --time 3", "--time");
  expect_refused("run --jobs 0", "--jobs");
  expect_refused("run --seed x", "--seed");
  expect_refused("run --seed 99999999999999999999", "--seed");
  expect_refused("run --cases 1 --ops ,", "--ops: no pattern is given");
  expect_refused("run --oracles nothing", "--oracles");
  expect_refused("run --plant nothing", "--plant");
  expect_refused("run --known nowhere", "nowhere");
  expect_refused("run --cases 1 --out -", "--out: '-' is standard output");
  expect_refused("import no.trace -o -", "--output: '-' is standard output");
  expect_refused("accept nowhere --known -", "--known: '-' is standard output");
  expect_refused("run --subject nothing", "nothing");
  expect_refused("list everything", "everything");
  expect_refused("replay", "PLACE");
  expect_refused("replay no.case", "no.case");
  expect_refused("minimize no.case", "no.case");
  expect_refused("explain no.case", "no.case");
  expect_refused("import no.trace -o x", "no.trace");
  expect_refused("accept nowhere", "nowhere");
  write("stray", "");
  expect_refused("accept stray",
                 "stray: is not the folder of a finding; expected OUT/findings/<fingerprint>");
  expect_refused("run --cases 1 --oracles ,", "--oracles: no name is given");
  expect_refused("run --cases 1 --oracles dispatch --ops abs", "leave out --ops");
  expect_refused("run --cases 1 --plant variants_inplace_sign --ops abs", "--ops excludes --plant");
  expect_refused("import . -o x", ".: is a folder; expected a file");
  const std::string body =
      "storage s0 f32[2] zeros\ninput t0 s0 sizes [2] strides [1] offset 0\ncall r0 aten::abs(self=t0)\n";
  write("subject.case", "faultline case 1\nsubject moon\n" + body);
  expect_refused("replay subject.case", "subject.case:2:1: unknown subject 'moon'");
  write("oracle.case", "faultline case 1\nsubject engine\noracle moon\n" + body);
  expect_refused("replay oracle.case", "oracle.case:3:1: unknown oracle 'moon'");
  write("load.case", "faultline case 1\nsubject engine\nload moon.so\n" + body);
  expect_refused("replay load.case", "load.case:3:1: 'moon.so' is not a file");
  write("module.case", "faultline case 1\nsubject torch\nload \"python:mine\"\n" + body);
  expect_refused("replay module.case", "module.case:3:1: 'python:mine' is a Python module; use `python3 -m");
  expect_refused("run --cases 1 --load python:mine", "the module 'mine' registers operators of torch");
  write("operator.case", "faultline case 1\nsubject engine\ncall r0 aten::moon(self=1)\n");
  expect_refused("replay operator.case", "operator.case:3:1: engine has no operator 'aten::moon'");
  expect_refused("report nowhere --format html -o x.html", "nowhere");
  expect_refused("report nowhere --format papyrus -o x", "papyrus");
}

TEST_F(Faultline, BadTorchInputIsRefusedInOneLine) {
  NEEDS_TORCH();
  expect_refused("run --subject torch --cases 1 --ops no_such_operator", "no_such_operator");
  expect_refused("run --subject torch --device moon",
                 "--device: 'moon' is not available: PyTorch has no device of this name");
  expect_refused("run --subject torch --device meta", "--device: 'meta' is not available");
  expect_refused("run --subject torch --cases 1 --load nowhere.so", "nowhere.so");
  write("text.so", "not a library\n");
  expect_refused("run --subject torch --cases 1 --load text.so", "/text.so: cannot be loaded");
  write("other.so", std::string("\0libtorch_cpu.so.0.9\0", 21));
  expect_refused("run --subject torch --cases 1 --load other.so", "linked with libtorch_cpu.so.0.9");
  expect_refused("run --subject torch --cases 1 --load " FAULTLINE_BINARY_DIR "/plugins/libexample_plugin.so",
                 "registers nothing");
  expect_refused("table no_such_operator --subject torch", "no_such_operator");
  write("bad.case", "this is not a case\n");
  expect_refused("replay bad.case", "bad.case:1:");
}

// The correct operators of the example pass, and the wrong one is found.
TEST_F(Faultline, BugOfAPluginIsFound) {
  const Ran ran =
      run("run --load " FAULTLINE_BINARY_DIR "/plugins/libexample_plugin.so --cases 1500 --jobs 1");
  EXPECT_EQ(ran.status, 1) << ran.err;
  const json summary = json::parse(text_of(folder_ / "faultline-out/summary.json"));
  ASSERT_FALSE(summary["findings"].empty());
  for (const json& finding : summary["findings"])
    EXPECT_EQ(finding["operator"], "example::wrong_half") << finding;
  const json coverage = json::parse(text_of(folder_ / "faultline-out/coverage.json"));
  for (const char* op : {"example::cube", "example::cube_", "example::cube.out", "example::half"}) {
    EXPECT_GT(coverage["operators"][op]["executed"].get<int>(), 0) << op;
    EXPECT_GT(coverage["operators"][op]["oracles"]["reference"]["agree"].get<int>(), 0) << op;
  }
  for (const auto& [op, counts] : coverage["operators"].items())
    EXPECT_TRUE(op.starts_with("example::")) << op;
}

TEST_F(Faultline, AcceptedFindingsAreKnownToTheNextRunAndReport) {
  const auto entries_of = [](const fs::path& folder) {
    return std::distance(fs::directory_iterator(folder), {});
  };
  const auto installed = entries_of(FAULTLINE_SOURCE_DIR "/corpora/known");
  const std::string campaign =
      "run --load " FAULTLINE_BINARY_DIR "/plugins/libexample_plugin.so --cases 300 --jobs 1";
  ASSERT_EQ(run(campaign).status, 1);
  const json summary = json::parse(text_of(folder_ / "faultline-out/summary.json"));
  for (const json& finding : summary["findings"]) {
    const Ran accepted = run("accept faultline-out/findings/" + finding["fingerprint"].get<std::string>());
    EXPECT_EQ(accepted.status, 0) << accepted.err;
    EXPECT_TRUE(accepted.out.starts_with("faultline-known/accepted-")) << accepted.out;
    EXPECT_NE(accepted.err.find("known to runs and reports in this folder"), std::string::npos);
  }
  EXPECT_EQ(entries_of(FAULTLINE_SOURCE_DIR "/corpora/known"), installed);
  EXPECT_NE(run("report faultline-out --format json -o -").out.find("\"known\": \"accepted-"),
            std::string::npos);
  const Ran again = run(campaign);
  EXPECT_EQ(again.status, 0) << again.out << again.err;
}

// If the system refuses something, a command ends with status 3 and one line.
TEST_F(Faultline, FullDiskGivesOneLineAndTheNextRunContinues) {
  const Ran full = run("list oracles", ">/dev/full 2>err.txt");
  EXPECT_EQ(full.status, 3);
  EXPECT_EQ(std::count(full.err.begin(), full.err.end(), '\n'), 1) << full.err;
  EXPECT_NE(full.err.find("No space left"), std::string::npos) << full.err;
  EXPECT_EQ(run("list oracles", ">out.txt 2>/dev/full").status, 0);
  const std::string mount =
      "mount -t tmpfs -o size=24k tmpfs " + (folder_ / "disk").string() + " 2>/dev/null";
  fs::create_directories(folder_ / "disk");
  if (std::system(mount.c_str()) != 0) GTEST_SKIP() << "no file system can be mounted here";
  const std::string campaign =
      "run --plant variants_inplace_sign --oracles variants --cases 600 --jobs 1 --out disk/out";
  const Ran refused = run(campaign);
  const Ran report = run("report disk/out --format html -o disk/report.html");
  std::system(("mount -o remount,size=8m " + (folder_ / "disk").string()).c_str());
  const Ran again = run(campaign);
  const bool has_summary = fs::exists(folder_ / "disk/out/summary.json");
  std::system(("umount " + (folder_ / "disk").string()).c_str());
  EXPECT_EQ(refused.status, 3) << refused.err;
  EXPECT_NE(refused.err.find("No space left"), std::string::npos) << refused.err;
  EXPECT_GE(report.status, 2) << "there is no summary, or no space for the report";
  EXPECT_EQ(again.status, 1) << again.err;
  EXPECT_TRUE(has_summary);
}

TEST_F(Faultline, ReportToDashGoesToStandardOutput) {
  ASSERT_EQ(run("run --plant variants_inplace_sign --oracles variants --cases 600 --jobs 1 --out out").status,
            1);
  const Ran report = run("report out --format json -o -");
  EXPECT_EQ(report.status, 0) << report.err;
  EXPECT_FALSE(json::parse(report.out)["findings"].empty());
  EXPECT_FALSE(fs::exists(folder_ / "-"));
  expect_refused("report out --format html -o out", "out: is a folder");
  expect_refused("report out --format html -o absent/report.html", "the folder 'absent' does not exist");
  const Ran full = run("report out --format html -o /dev/full");
  EXPECT_EQ(full.status, 3);
  EXPECT_EQ(full.err, "faultline: /dev/full cannot be written: No space left on device\n");
}

TEST_F(Faultline, ImportedCasesOfAPluginReplayWithoutFlags) {
  write("log.txt", "Operator: example.cube.default\ncnt: 1, ((T([2, 3], f32),), {})\n");
  const Ran imported = run("import log.txt --subject engine --load " FAULTLINE_BINARY_DIR
                           "/plugins/libexample_plugin.so -o cases");
  ASSERT_EQ(imported.status, 0) << imported.err;
  EXPECT_NE(text_of(folder_ / "cases/example.cube.default-001.case").find("\nload "), std::string::npos)
      << imported.out;
  const Ran replayed = run("replay cases");
  EXPECT_EQ(replayed.status, 0) << replayed.out << replayed.err;
  EXPECT_NE(replayed.out.find("agree"), std::string::npos);
}

TEST_F(Faultline, BadPluginsAreRefusedInOneLine) {
  const std::string plugins = FAULTLINE_BINARY_DIR "/plugins/";
  expect_refused("run --cases 1 --load nowhere.so", "nowhere.so");
  expect_refused("run --cases 1 --load " FAULTLINE_BINARY_DIR "/lib/libfaultline.so",
                 FAULTLINE_BINARY_DIR "/lib/libfaultline.so: it does not export faultline_register");
  expect_refused("run --cases 1 --load " + plugins + "libcrashes_plugin.so", "it ends the process");
  expect_refused("run --cases 1 --load " + plugins + "libregisters_twice_plugin.so",
                 "aten::exp is defined twice");
  expect_refused("run --cases 1 --load " + plugins + "libregisters_nothing_plugin.so",
                 "registers no operator");
  write("text.so", "not a library\n");
  expect_refused("run --cases 1 --load text.so", "text.so");
}

TEST_F(Faultline, JsonListsHaveTheDocumentedForm) {
  const json oracles = json::parse(run("list oracles --json").out);
  ASSERT_FALSE(oracles.empty());
  for (const json& row : oracles) {
    EXPECT_TRUE(row["name"].is_string());
    EXPECT_TRUE(row["subjects"].is_array());
    EXPECT_GT(row["planted"].get<int>(), 0) << row["name"];
    EXPECT_GE(row["share"].get<int>(), 1);
    EXPECT_TRUE(row["floor"].is_number());
  }
  for (const json& row : json::parse(run("list planted --json").out))
    for (const char* key : {"name", "oracle", "subject"}) EXPECT_TRUE(row[key].is_string());
  EXPECT_EQ(run("list subjects").status, 0);
  const json known = json::parse(run("list known --known " FAULTLINE_SOURCE_DIR "/corpora/known --json").out);
  ASSERT_FALSE(known.empty());
  for (const json& row : known)
    for (const char* key : {"name", "versions", "reason"}) EXPECT_TRUE(row[key].is_string()) << row;
  EXPECT_EQ(run("list ops nowhere").status, 2);
}

// Each case once got a wrong verdict: a false finding or a missed one.
TEST_F(Faultline, RegressionCasesGiveTheExpectedVerdicts) {
  NEEDS_TORCH();
  const Ran replayed = run("replay " FAULTLINE_SOURCE_DIR "/corpora/regressions");
  EXPECT_EQ(replayed.status, 0) << replayed.out << replayed.err;
}

TEST_F(Faultline, ExplainFakeShowsSymbolicSizesAndGuards) {
  write("fake.case", R"(faultline case 1
subject engine
storage s0 f32[15] iota
storage s1 b8[3] ones
input t0 s0 sizes [5, 3] strides [3, 1] offset 0
input t1 s1 sizes [3] strides [1] offset 0
call r0 aten::sum.dim_IntList(self=t0, dim=[0], keepdim=False, dtype=None)
call r1 aten::masked_select(self=r0.0, mask=t1)
call r2 aten::select.int(self=t0, dim=0, index=4)
)");
  const Ran explained = run("explain --fake fake.case");
  EXPECT_EQ(explained.status, 0) << explained.err;
  for (const char* line :
       {"input 0: f32[s0, s1]", "call 0, aten::sum.dim_IntList: f32[s1]",
        "call 1, aten::masked_select: f32[u2]", "call 2, aten::select.int: f32[s1]", "guard: s0 > 4"})
    EXPECT_NE(explained.out.find(line), std::string::npos) << line << " is not in\n" << explained.out;
}

TEST_F(Faultline, TorchOperatorsAreListed) {
  NEEDS_TORCH();
  const json rows = json::parse(run("list ops --subject torch --json").out);
  ASSERT_GT(rows.size(), 1000U);
  bool seen = false;
  for (const json& row : rows) {
    for (const char* key : {"name", "keys", "reference", "derivative", "dtypes", "zero_rule"})
      ASSERT_TRUE(row.contains(key)) << row.dump();
    EXPECT_TRUE(row["dtypes"].is_null()) << "torch does not report dtypes";
    if (row["name"] != "aten::mul.Tensor") continue;
    seen = true;
    EXPECT_TRUE(row["zero_rule"].get<bool>());
    EXPECT_EQ(row["derivative"], "formula");
  }
  EXPECT_TRUE(seen);
  const Ran table = run("table mul.Tensor --subject torch");
  EXPECT_EQ(table.status, 0);
  EXPECT_NE(table.out.find("ZeroTensor"), std::string::npos);
}

}  // namespace
}  // namespace cli
