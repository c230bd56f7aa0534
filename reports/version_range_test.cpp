#include "reports/version_range.h"

#include <gtest/gtest.h>

namespace reports {
namespace {

TEST(VersionRange, PrefixMatchesTheStartOfTheVersion) {
  EXPECT_TRUE(in_range("1.13.0", ""));
  EXPECT_TRUE(in_range("1.13.0", "1.13"));
  EXPECT_TRUE(in_range("2.15.0+cpu", "2.15.0+cpu"));
  EXPECT_TRUE(in_range("2.15.0", "2."));
  EXPECT_FALSE(in_range("1.12.1", "1.13"));
}

TEST(VersionRange, BoundComparesNumbers) {
  EXPECT_TRUE(in_range("1.13.0", ">=1.13 <2.0"));
  EXPECT_FALSE(in_range("2.0.1", ">=1.13 <2.0"));
  EXPECT_TRUE(in_range("2.9.1", "<2.15"));
  EXPECT_FALSE(in_range("2.15.0", "<2.15"));
  EXPECT_FALSE(in_range("2.15.0a0", "<2.15"));
  EXPECT_TRUE(in_range("2.15.1+cpu", "<=2.15"));
  EXPECT_FALSE(in_range("2.15.1", ">2.15"));
  EXPECT_TRUE(in_range("2.15.1", ">2.15.0"));
  EXPECT_TRUE(in_range("2", ">=2.0"));
}

TEST(VersionRange, WrongRangeIsNamed) {
  EXPECT_EQ(fault_of_range(""), "");
  EXPECT_EQ(fault_of_range("2."), "");
  EXPECT_EQ(fault_of_range(">=1.13 <2.0"), "");
  EXPECT_EQ(fault_of_range("=>1.13"),
            "\"=>\" is not a comparison; expected <, <=, > or >=, as in \">=1.13 <2.0\"");
  EXPECT_EQ(fault_of_range(">= 1.13"),
            "\">=\" is not a version bound; expected numbers and dots, as in \">=1.13 <2.0\"");
  EXPECT_EQ(fault_of_range("<2.x"),
            "\"<2.x\" is not a version bound; expected numbers and dots, as in \">=1.13 <2.0\"");
  EXPECT_EQ(fault_of_range("new"),
            "\"new\" is not a version bound; expected numbers and dots, as in \">=1.13 <2.0\"");
}

}  // namespace
}  // namespace reports
