#include "corpora/case/case_defaults.h"

#include <gtest/gtest.h>

#include "corpora/case/text.h"
#include "engine/dispatch/schema_parser.h"

namespace corpora {
namespace {

std::string default_text(const std::string& argument) {
  const engine::Schema schema = engine::parse_schema("a::b(" + argument + ") -> Tensor");
  const std::optional<Value> value = default_of(schema.arguments.front());
  return value ? to_text(*value) : "no default";
}

TEST(CaseDefaults, LiteralsBecomeValuesOfTheirTypes) {
  EXPECT_EQ(default_text("Tensor self"), "no default");
  EXPECT_EQ(default_text("Tensor? bias"), "None");
  EXPECT_EQ(default_text("Tensor? bias=None"), "None");
  EXPECT_EQ(default_text("Scalar alpha=1"), "1");
  EXPECT_EQ(default_text("float eps=0.5"), "0x1p-1");
  EXPECT_EQ(default_text("bool ceil_mode=False"), "False");
  EXPECT_EQ(default_text("int[2] padding=0"), "[0, 0]");
  EXPECT_EQ(default_text("int[1] stride=[]"), "[]");
  EXPECT_EQ(default_text("int[3] kernel=[1, 2, 3]"), "[1, 2, 3]");
  EXPECT_EQ(default_text("str mode=\"floor\""), "\"floor\"");
}

TEST(CaseDefaults, EnumeratorsAndTheirNumbersAreTheSame) {
  EXPECT_EQ(default_text("ScalarType dtype=long"), "dtype:i64");
  EXPECT_EQ(default_text("ScalarType? dtype=4"), "dtype:i64");
  EXPECT_EQ(default_text("MemoryFormat memory_format=contiguous_format"), "memory_format:contiguous");
  EXPECT_EQ(default_text("MemoryFormat memory_format=0"), "memory_format:contiguous");
  EXPECT_EQ(default_text("Layout layout=0"), "layout:strided");
  EXPECT_EQ(default_text("int reduction=Mean"), "1");
}

}  // namespace
}  // namespace corpora
