// Findings from a run to the commands that take them, and what an author adds to a run.
#include "cli/command_cases.h"

namespace cli {
namespace {

class Findings : public CommandTest {};

// A finding names the planted bug of its subject.
TEST_F(Findings, FindingOfAnEnginePlantCanBeReplayed) {
  ASSERT_EQ(run("run --plant variants_inplace_sign --oracles variants --cases 600 --jobs 1 --out out").status,
            1);
  const json summary = json::parse(text_of(folder_ / "out/summary.json"));
  ASSERT_FALSE(summary["findings"].empty());
  const std::string file = "out/" + summary["findings"][0]["case"].get<std::string>();
  const Ran replayed = run("replay " + file);
  EXPECT_EQ(replayed.status, 0) << replayed.out << replayed.err;
  const Ran smaller = run("minimize " + file);
  EXPECT_EQ(smaller.status, 0) << smaller.err;
  EXPECT_NE(smaller.out.find("plant variants_inplace_sign"), std::string::npos) << smaller.out;
}

TEST_F(Findings, FindingsOnOneMistakeAreOneFinding) {
  const std::string plant =
      "run --plant layout_last_stride --oracles layout,neg,reference --cases 1500 --jobs 1 --out out";
  ASSERT_EQ(run(plant).status, 1);
  const fs::path out = folder_ / "out";
  const json findings = json::parse(text_of(out / "summary.json"))["findings"];
  const auto with_also =
      std::ranges::find_if(findings, [](const json& finding) { return !finding["also"].empty(); });
  ASSERT_NE(with_also, findings.end()) << findings;
  const std::string primary = "findings/" + (*with_also)["fingerprint"].get<std::string>();
  const std::string part = (*with_also)["also"][0]["fingerprint"];
  const Ran replayed = run("replay out/" + primary);
  EXPECT_EQ(replayed.status, 0) << replayed.out << replayed.err;
  EXPECT_EQ(run("explain out/" + primary + "/also/" + part + "/finding.case").status, 0);

  // As if a run had been killed before it moved the part.
  fs::rename(out / primary / "also" / part, out / "findings" / part);
  fs::remove(out / ".gathered");
  EXPECT_EQ(run(plant).status, 1);
  EXPECT_EQ(json::parse(text_of(out / "summary.json"))["findings"], findings);

  for (const json& finding : findings) {
    const Ran accepted =
        run("accept out/findings/" + finding["fingerprint"].get<std::string>() + " --known mine");
    EXPECT_EQ(std::ranges::count(accepted.out, '\n'), 1 + finding["also"].size()) << accepted.err;
  }
  EXPECT_EQ(run(plant + " --known mine").status, 0);
}

// PyTorch resizes this out tensor before it refuses the index: a shipped entry explains it.
TEST_F(Findings, KnownFlagAddsToTheShippedEntries) {
  NEEDS_TORCH();
  fs::create_directory(folder_ / "mine");
  EXPECT_EQ(run("run --subject torch --ops aten::index_select.out --oracles schema --cases 600 --seed 1 "
                "--jobs 1 --out out --known mine")
                .status,
            0);
  const json summary = json::parse(text_of(folder_ / "out/summary.json"));
  ASSERT_FALSE(summary["findings"].empty());
  EXPECT_EQ(summary["findings"][0]["known"], "torch-refused-out-is-resized");
}

TEST_F(Findings, DomainOrOneSampleIsEnoughForInputsThatCannotBeGuessed) {
  const std::string folder = FAULTLINE_SOURCE_DIR "/cli/plugin_example/boxes.";
  const auto accepted = [&](const std::string& out, const std::string& flags) {
    const std::string load = "--load " FAULTLINE_BINARY_DIR "/plugins/libboxes_plugin.so ";
    EXPECT_EQ(run("run --cases 1000 --jobs 1 --oracles meta --out " + out + " " + load + flags).status, 0);
    const json all = json::parse(text_of(folder_ / out / "coverage.json"))["operators"];
    return all["example::box_max"]["executed"].get<int>() / 10;
  };
  EXPECT_LT(accepted("guessed", ""), 2);
  EXPECT_GT(accepted("domain", "--domains " + folder + "domains"), 60);
  EXPECT_GT(accepted("sample", "--samples " + folder + "case"), 25)
      << "half of the cases are changed samples";
}

const std::string example = "--load " FAULTLINE_BINARY_DIR "/plugins/libexample_plugin.so ";
const std::string halves =
    "faultline case 1\nstorage s0 f64[6] iota\ninput t0 s0 sizes [2, 3] strides [1, 2] offset 0\n"
    "call r0 example::wrong_half(self=t0)\n";

TEST_F(Findings, MistakeInAnAuthorsFileIsRefusedWithItsPosition) {
  write("a.domains", "example::wrong_half : self = tensor(N, M) f64\nexample::third : self = tensor(N)\n");
  expect_refused("run --cases 1 --domains a.domains " + example,
                 "a.domains:2:1: no operator matches 'example::third'");
  write("a.tolerances", "example::third : t0 : exact\n");
  expect_refused("run --cases 1 --tolerances a.tolerances " + example,
                 "a.tolerances:1:1: no operator matches 'example::third'");
  write("a.case", "faultline case 1\ncall r0 example::third()\n");
  expect_refused("run --cases 1 --samples a.case " + example,
                 "a.case:2:1: 'example::third' is not an operator of the subject");
  write("b.case", "faultline case 1\ncall r0 example::wrong_half(self=\"x\")\n");
  expect_refused("run --cases 1 --samples b.case " + example,
                 "b.case:2:1: argument 'self' of example::wrong_half must be Tensor");
  for (const char* flag : {"--domains", "--tolerances", "--samples"})
    expect_refused(std::string("run --cases 1 ") + flag + " nothing " + example, "nothing: cannot be opened");
}

TEST_F(Findings, RunBeginsWithSamplesAndItsFindingsNameTheTolerances) {
  write("half.case", halves);
  write("mine.tolerances", "example::wrong_half : t1 ulps=2 : one division\n");
  const std::string layout =
      example + "--oracles layout --ops example::wrong_half --samples half.case --jobs 1 --cases ";
  ASSERT_EQ(run("run --out out --tolerances mine.tolerances " + layout + "1").status, 1);
  const json summary = json::parse(text_of(folder_ / "out/summary.json"));
  EXPECT_NE(summary["runs"][0]["options"].get<std::string>().find(" knowledge="), std::string::npos);
  const std::string file = "out/" + summary["findings"][0]["case"].get<std::string>();
  EXPECT_NE(text_of(folder_ / file).find("\ntolerances /"), std::string::npos) << text_of(folder_ / file);
  EXPECT_EQ(run("replay " + file).status, 0);
  EXPECT_NE(run("minimize " + file).out.find("\ntolerances /"), std::string::npos);
  write("mine.tolerances", "example::wrong_half : t4 : any value\n");
  EXPECT_EQ(run("replay " + file).status, 1) << "the accuracy now accepts the difference";
  EXPECT_EQ(run("run --out other --tolerances mine.tolerances " + layout + "50").status, 0);
}

// From a run through every command that takes a finding.
TEST_F(Findings, EveryCommandTakesAFinding) {
  NEEDS_TORCH();
  const std::string plant =
      "run --subject torch --plant zero_value --oracles zero --cases 300 --jobs 1 --out out";
  ASSERT_EQ(run(plant).status, 1);
  const json summary = json::parse(text_of(folder_ / "out/summary.json"));
  ASSERT_FALSE(summary["findings"].empty());
  const std::string file = "out/" + summary["findings"][0]["case"].get<std::string>();
  const Ran replayed = run("replay " + file);
  EXPECT_EQ(replayed.status, 0) << replayed.out << replayed.err;
  EXPECT_NE(replayed.out.find("differ"), std::string::npos);
  const Ran explained = run("explain " + file);
  EXPECT_EQ(explained.status, 0) << explained.err;
  EXPECT_NE(explained.out.find("right path"), std::string::npos);
  const Ran smaller = run("minimize " + file);
  EXPECT_EQ(smaller.status, 0) << smaller.err;
  write("smaller.case", smaller.out);
  EXPECT_EQ(run("replay smaller.case").status, 0);

  std::string disowned = text_of(folder_ / file);
  disowned.replace(disowned.find("expect differ"), std::string("expect differ").size(), "expect agree #");
  write("agree.case", disowned);
  EXPECT_EQ(run("replay agree.case").status, 1);

  EXPECT_EQ(run("report out --format html -o r.html").status, 0);
  EXPECT_NE(text_of(folder_ / "r.html").find("zero_value"), std::string::npos);

  for (const json& row : summary["findings"])
    EXPECT_EQ(run("accept out/findings/" + row["fingerprint"].get<std::string>() + " --known mine").status,
              0);
  const Ran again = run(plant + "2 --known mine");
  EXPECT_EQ(again.status, 0) << again.out << again.err;
}

}  // namespace
}  // namespace cli
