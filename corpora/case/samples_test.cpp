#include "corpora/case/samples.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "corpora/case/call_fits.h"
#include "corpora/case/schema_catalog.h"
#include "corpora/case/text.h"
#include "engine/core/input_error.h"

namespace corpora {
namespace {

namespace fs = std::filesystem;

const Catalog& catalog() {
  static const Catalog built = catalog_of({"mine::f(Tensor x, int[2] k, Tensor? bias=None) -> Tensor",
                                           "mine::g(Tensor[] xs, float eps=0.5) -> Tensor"});
  return built;
}

std::string case_calling(const std::string& call) {
  return "faultline case 1\nsubject torch\nstorage s0 f32[4] normal(1)\n"
         "input t0 s0 sizes [4] strides [1] offset 0\ncall r0 " +
         call + "\n";
}

class SamplesTest : public testing::Test {
 protected:
  void SetUp() override { fs::create_directories(folder_ / "deep"); }
  void TearDown() override { fs::remove_all(folder_); }
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name) << text;
    return (folder_ / name).string();
  }
  // "NAME:LINE:COLUMN: message" without the folder; "read" without an error.
  std::string error_of(const std::string& name, const std::string& text) const {
    try {
      std::vector<std::string> left_out;
      Samples::read({write(name, text)}, catalog(), left_out);
    } catch (const engine::InputError& error) {
      const std::string where = error.where();
      return where.substr(where.rfind('/') + 1) + ": " + error.what();
    }
    return "read";
  }
  const fs::path folder_ = fs::temp_directory_path() / ("samples-test-" + std::to_string(getpid()));
};

TEST_F(SamplesTest, CasesFoldersAndLogsAreRead) {
  write("a.case", case_calling("mine::f(x=t0, k=[1, 2], bias=None)"));
  write("deep/b.case", case_calling("mine::g(xs=[t0, t0], eps=0x1p-3)"));
  write("deep/notes.txt", "not a sample");
  const std::string log = write("log.txt",
                                "Operator: mine.f.default\ncnt: 1, ((T([2, 3], f32), [3, 3]), {})\n"
                                "cnt: 2, ((ST([2, 3], f32), [3, 3]), {})\n");
  std::vector<std::string> left_out;
  const Samples samples = Samples::read({folder_.string(), log}, catalog(), left_out);
  ASSERT_EQ(samples.cases().size(), 3U);
  EXPECT_EQ(samples.of("mine::f").size(), 2U);
  EXPECT_EQ(samples.of("mine::g").size(), 1U);
  EXPECT_TRUE(samples.of("mine::h").empty());
  EXPECT_EQ(samples.cases()[0].header, Header());
  ASSERT_EQ(left_out.size(), 1U);
  EXPECT_NE(left_out[0].find("log.txt:3:1: mine::f: ST(...)"), std::string::npos) << left_out[0];
}

TEST_F(SamplesTest, SampleThatDoesNotFitIsAnErrorWithItsPosition) {
  EXPECT_EQ(error_of("x.case", case_calling("mine::h(x=t0)")),
            "x.case:5:1: 'mine::h' is not an operator of the subject; `faultline list ops` shows all");
  EXPECT_EQ(error_of("x.case", case_calling("mine::f(x=t0, k=[1, 2])")),
            "x.case:5:1: mine::f takes 3 arguments, but 2 are given");
  EXPECT_EQ(error_of("x.case", case_calling("mine::f(x=t0, k=[t0, t0], bias=None)")),
            "x.case:5:1: argument 'k' of mine::f must be int[2]");
  EXPECT_EQ(error_of("x.case", case_calling("mine::f(x=t0, kernel=[1, 2], bias=None)")),
            "x.case:5:1: argument 2 of mine::f is called 'k', not 'kernel'");
  EXPECT_EQ(error_of("x.case", case_calling("mine::g(xs=[t0], eps=\"big\")")),
            "x.case:5:1: argument 'eps' of mine::g must be float");
  EXPECT_EQ(error_of("x.log", "Operator: mine.h.default\ncnt: 1, ((T([2], f32),), {})\n"),
            "x.log:2:1: mine::h: the subject has no such operator");
  EXPECT_EQ(error_of("x.log", "Operator: mine.f.default\n  cnt: 1, ((T([2], f32),), {})\n"),
            "x.log:2:3: mine::f: argument 'k' is missing");
  EXPECT_EQ(error_of("x.log", "Operator: mine.g.default\ncnt: 1, ((3,), {})\n"),
            "x.log:2:1: mine::g: argument 'xs' of mine::g must be Tensor[]");
  EXPECT_EQ(error_of("x.case", case_calling("mine::f(x=t0, k=[1, 2], bias=t0)")), "read");
  EXPECT_EQ(error_of("x.case", case_calling("mine::f(x=2, k=3, bias=undefined)")), "read");
}

TEST_F(SamplesTest, PlaceWithoutASampleIsAnError) {
  std::vector<std::string> left_out;
  EXPECT_THROW(Samples::read({(folder_ / "deep").string()}, catalog(), left_out), engine::InputError);
  EXPECT_THROW(Samples::read({(folder_ / "nothing").string()}, catalog(), left_out), engine::InputError);
  EXPECT_EQ(error_of("x.case", "faultline case 1\n").substr(0, 7), "x.case:");
}

TEST_F(SamplesTest, TextIdentifiesTheContents) {
  std::vector<std::string> left_out;
  const std::string file = write("a.case", case_calling("mine::f(x=t0, k=[1, 2], bias=None)"));
  const std::string before = Samples::read({file}, catalog(), left_out).text();
  write("a.case", case_calling("mine::f(x=t0, k=[1, 3], bias=None)"));
  EXPECT_NE(Samples::read({file}, catalog(), left_out).text(), before);
}

}  // namespace
}  // namespace corpora
