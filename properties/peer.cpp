// The oracle `peer` has no new finding in some thousand cases of the operators that both the engine and
// PyTorch have. Without PyTorch, the oracle reports that it is not run.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "properties/case_supplies.h"

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

struct Campaign {
  int status;
  std::string said;  // on standard error
  json peer;         // the oracle's row of summary.json
};

Campaign run(const std::string& setting, int cases) {
  const fs::path out = fs::temp_directory_path() / ("faultline-peer-" + std::to_string(::getpid()));
  const fs::path log = out.string() + ".log";
  fs::remove_all(out);
  const std::string command = setting +
                              " " FAULTLINE_BINARY_DIR
                              "/bin/faultline run --seed 5 --jobs 1 "
                              "--oracles peer --known " FAULTLINE_SOURCE_DIR "/corpora/known --cases " +
                              std::to_string(cases) + " --out " + out.string() + " >" + log.string() +
                              " 2>&1";
  const int status = std::system(command.c_str());
  std::ostringstream said;
  said << std::ifstream(log).rdbuf();
  const json summary = json::parse(std::ifstream(out / "summary.json"));
  const Campaign ran{WIFEXITED(status) ? WEXITSTATUS(status) : -1, said.str(), summary["oracles"].at(0)};
  fs::remove_all(out);
  fs::remove(log);
  return ran;
}

TEST(Peer, HasNoNewFinding) {
  SKIP_WITHOUT_TORCH();
  const Campaign ran = run("", 48000);
  EXPECT_EQ(ran.status, 0) << ran.said;
  EXPECT_GT(ran.peer["checks"], 5000);
  EXPECT_GT(ran.peer["agree"], 5000);
  EXPECT_LT(ran.peer["refused"], 500) << "schemas of the engine differ from those of PyTorch";
  EXPECT_FALSE(ran.peer["not_run"]);
}

TEST(Peer, WithoutPyTorchReportsThatItIsNotRun) {
  const Campaign ran = run("FAULTLINE_PLUGIN_DIR=/nowhere", 4000);
  EXPECT_EQ(ran.status, 0);
  EXPECT_EQ(ran.peer["checks"], 0);
  EXPECT_TRUE(ran.peer["not_run"]);
  EXPECT_NE(ran.said.find("oracle peer is not run"), std::string::npos) << ran.said;
}

}  // namespace
