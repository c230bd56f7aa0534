// Every row of the table of deviations has a test with the comment "Deviation NAME".
#include "engine/dispatch/deviations.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace engine {
namespace {

TEST(Deviations, EachRowHasATest) {
  std::string tests;
  for (const char* folder : {"/engine/core", "/engine/dispatch"})
    for (const auto& file : std::filesystem::directory_iterator(std::string(FAULTLINE_SOURCE_DIR) + folder)) {
      if (!file.path().string().ends_with("_test.cpp")) continue;
      std::ostringstream text;
      text << std::ifstream(file.path()).rdbuf();
      tests += text.str();
    }
  for (const Deviation& row : deviations)
    EXPECT_NE(tests.find("eviation " + std::string(row.name)), std::string::npos) << row.name;
}

}  // namespace
}  // namespace engine
