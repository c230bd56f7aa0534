// Every planted bug is found by its oracle within seconds, and agrees with the right kernel on at least four
// in five of the drawn cases: one that differs always would prove little.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "oracles/oracle.h"
#include "oracles/planted/planted.h"
#include "properties/torch_catalog.h"

namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using oracles::Planted;

class PlantedBug : public testing::TestWithParam<Planted> {
 protected:
  void SetUp() override {
    out_ = fs::temp_directory_path() /
           ("faultline-planted-" + std::to_string(::getpid()) + "-" + std::string(GetParam().name));
    fs::remove_all(out_);
  }
  void TearDown() override { fs::remove_all(out_); }

  // A short campaign over the planted operator alone; its exit status.
  int campaign(int cases) const {
    const std::string command =
        std::string(FAULTLINE_BINARY_DIR "/bin/faultline run --seed 1 --jobs 1 --plant ") +
        std::string(GetParam().name) + " --subject " + std::string(GetParam().subject) + " --oracles " +
        std::string(GetParam().oracle) + " --cases " + std::to_string(cases) + " --out " + out_.string() +
        " >" + out_.string() + ".log 2>&1";
    const int status = std::system(command.c_str());
    fs::remove(out_.string() + ".log");
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  json document(const char* name) const { return json::parse(std::ifstream(out_ / name)); }

  fs::path out_;
};

TEST_P(PlantedBug, IsFoundByItsOracle) {
  if (GetParam().subject == "torch" || GetParam().oracle == "peer") {
    SKIP_WITHOUT_TORCH();
  }
  ASSERT_EQ(campaign(1200), 1);
  int found = 0;
  const json summary = document("summary.json"), coverage = document("coverage.json");
  for (const json& finding : summary["findings"])
    found += finding["oracle"] == GetParam().oracle && finding["known"].get<std::string>().empty();
  EXPECT_GT(found, 0) << GetParam().mistake;

  uint64_t checks = 0, differ = 0;
  for (const auto& [op, counts] : coverage["operators"].items()) {
    const json& oracle = counts["oracles"][std::string(GetParam().oracle)];
    checks += oracle["checks"].get<uint64_t>();
    differ += oracle["differ"].get<uint64_t>();
  }
  EXPECT_GT(checks, 50U);
  EXPECT_LE(5 * differ, checks) << differ << " of " << checks << " differ";
}

std::string name_of(const testing::TestParamInfo<Planted>& info) { return std::string(info.param.name); }

// Of the faults of the dispatcher, one: oracles/planted/dispatch/dispatch_faults_test.cpp tries them all.
std::vector<Planted> tried() {
  std::vector<Planted> bugs(oracles::all_planted().begin(), oracles::all_planted().end());
  std::erase_if(bugs, [](const Planted& bug) {
    return bug.oracle == "dispatch" && bug.name != "dispatch_older_kernel_forgotten";
  });
  return bugs;
}

INSTANTIATE_TEST_SUITE_P(All, PlantedBug, testing::ValuesIn(tried()), name_of);

}  // namespace
