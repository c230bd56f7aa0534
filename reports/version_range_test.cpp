#include "reports/version_range.h"

#include <gtest/gtest.h>

#include <string>

namespace reports {
namespace {

TEST(VersionRange, HoldsVersionsByPrefixOrByBounds) {
  const struct {
    const char *version, *range;
    bool inside;
  } rows[] = {
      {"1.13.0", "", true},
      {"1.13.0", "1.13", true},
      {"1.12.1", "1.13", false},
      {"2.15.0", "2.", true},
      {"2.15.0+cpu", "2.15.0+cpu", true},
      {"1.13.0", ">=1.13 <2.0", true},
      {"2.0.1", ">=1.13 <2.0", false},
      {"2", ">=2.0", true},
      {"2.9.1", "<2.15", true},  // numbers, not text
      {"2.15.0", "<2.15", false},
      {"2.15.0a0", "<2.15", false},
      {"2.15.1+cpu", "<=2.15", true},  // a bound covers all versions that it begins
      {"2.15.1", ">2.15", false},
      {"2.15.1", ">2.15.0", true},
  };
  for (const auto& row : rows)
    EXPECT_EQ(in_range(row.version, row.range), row.inside) << row.version << " in " << row.range;
}

TEST(VersionRange, WrongRangeIsNamed) {
  const std::string expected = "; expected numbers and dots, as in \">=1.13 <2.0\"";
  for (const char* right : {"", "2.", ">=1.13 <2.0"}) EXPECT_EQ(fault_of_range(right), "");
  EXPECT_EQ(fault_of_range(">= 1.13"), "\">=\" is not a version bound" + expected);
  EXPECT_EQ(fault_of_range("<2.x"), "\"<2.x\" is not a version bound" + expected);
  EXPECT_EQ(fault_of_range("new"), "\"new\" is not a version bound" + expected);
  EXPECT_EQ(fault_of_range("=>1.13"),
            "\"=>\" is not a comparison; expected <, <=, > or >=, as in \">=1.13 <2.0\"");
}

}  // namespace
}  // namespace reports
