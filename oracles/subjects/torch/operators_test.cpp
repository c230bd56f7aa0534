// The catalog of a real libtorch, and its schemas as our parser sees them.
#include <ATen/core/dispatch/Dispatcher.h>

#include <algorithm>
#include <array>
#include <sstream>

#include "engine/dispatch/schema_parser.h"
#include "oracles/subjects/torch/torch_cases.h"

namespace oracles::testing {
namespace {

TEST(TorchOperators, EverySchemaIsParsedPrintedAndParsedAgain) {
  const auto& operators = torch().catalog().operators();
  size_t theirs = 0;
  auto& dispatcher = c10::Dispatcher::singleton();
  for (const c10::OperatorName& name : dispatcher.getAllOpNames())
    theirs += dispatcher.findSchema(name).has_value();
  // And the operator that represents dispatch programs.
  ASSERT_EQ(operators.size() + torch().left_out().size(), theirs + 1);
  for (const corpora::Operator& op : operators) {
    const std::string text = engine::to_string(op.schema);
    EXPECT_EQ(engine::parse_schema(text), op.schema) << text;
  }
}

// Our printed form means to libtorch what it means to us.
TEST(TorchOperators, EverySchemaAgreesWithLibtorchArgumentByArgument) {
  auto& dispatcher = c10::Dispatcher::singleton();
  for (const corpora::Operator& op : torch().catalog().operators()) {
    if (op.name == corpora::program_operator) continue;
    const auto handle = dispatcher.findSchema({op.schema.name, op.schema.overload});
    ASSERT_TRUE(handle.has_value()) << op.name;
    const c10::FunctionSchema& schema = handle->schema();
    ASSERT_EQ(schema.arguments().size(), op.schema.arguments.size()) << op.name;
    for (size_t i = 0; i < schema.arguments().size(); ++i) {
      const c10::Argument& theirs = schema.arguments()[i];
      const engine::Argument& ours = op.schema.arguments[i];
      EXPECT_EQ(theirs.name(), ours.name) << op.name;
      EXPECT_EQ(theirs.kwarg_only(), ours.keyword_only) << op.name;
      EXPECT_EQ(theirs.default_value().has_value(), ours.default_value.has_value()) << op.name;
      const bool their_write = theirs.alias_info() && theirs.alias_info()->isWrite();
      EXPECT_EQ(their_write, ours.is_write()) << op.name << " " << ours.name;
    }
    EXPECT_EQ(schema.returns().size(), op.schema.returns.size()) << op.name;
  }
}

TEST(TorchOperators, SortedAndFound) {
  const auto& operators = torch().catalog().operators();
  EXPECT_TRUE(std::is_sorted(operators.begin(), operators.end(),
                             [](const auto& a, const auto& b) { return a.name < b.name; }));
  EXPECT_NE(torch().catalog().find("aten::add.Tensor"), nullptr);
}

TEST(TorchOperators, OnlyThoseOfTheseTestsAreAnAuthors) {
  const auto of_tests = [](const std::string& name) {
    return std::ranges::any_of(std::array{"hostile::", "unfinished::", "wordings::"},
                               [&](const char* space) { return name.starts_with(space); });
  };
  for (const corpora::Operator& op : torch().catalog().operators())
    EXPECT_EQ(op.by_author, of_tests(op.name)) << op.name;
}

TEST(TorchOperators, FlagsOfWellKnownOperators) {
  const auto op = [](const char* name) {
    const corpora::Operator* found = torch().catalog().find(name);
    EXPECT_NE(found, nullptr) << name;
    return *found;
  };
  for (const char* name :
       {"aten::rand", "aten::bernoulli_.float", "aten::native_dropout", "aten::lstm.input"})
    EXPECT_TRUE(op(name).random) << name;
  for (const char* name : {"aten::add.Tensor", "aten::native_dropout_backward", "aten::rnn_tanh_cell"})
    EXPECT_FALSE(op(name).random) << name;
  for (const char* name : {"aten::squeeze_.dim", "aten::resize_", "aten::set_.source_Tensor", "aten::t_"})
    EXPECT_TRUE(op(name).changes_geometry) << name;
  EXPECT_FALSE(op("aten::add_.Tensor").changes_geometry);
  for (const char* name : {"aten::from_file", "profiler::_record_function_enter", "aten::from_file.out"})
    EXPECT_TRUE(op(name).off_limits) << name;
  EXPECT_FALSE(op("aten::add.out").off_limits);
  EXPECT_TRUE(op("aten::add.Tensor").runnable);
  EXPECT_TRUE(op("aten::max_pool1d").runnable);
  EXPECT_FALSE(op("aten::cudnn_convolution").runnable);
}

TEST(TorchOperators, DimensionNamesDifferFromStrings) {
  if (!torch().catalog().find("aten::rename")) GTEST_SKIP() << "this version has no named dimensions";
  const auto type_of = [](const char* name, size_t argument) {
    return torch().catalog().find(name)->schema.arguments.at(argument).type;
  };
  EXPECT_EQ(type_of("aten::all.dimname", 1).kind, engine::TypeKind::dimname);
  EXPECT_EQ(engine::to_string(type_of("aten::sum.dim_DimnameList", 1)), "Dimname[1]");
  EXPECT_EQ(engine::to_string(type_of("aten::rename", 1)), "Dimname[]?");
  EXPECT_EQ(type_of("aten::einsum", 0).kind, engine::TypeKind::string);
}

TEST(TorchOperators, TheTableGivesAReasonForEachKey) {
  const std::string table = torch().table("aten::mul.Tensor");
  std::istringstream lines(table);
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    EXPECT_NE(line.find(": "), std::string::npos) << line;
    EXPECT_EQ(line.back(), ']') << line;
  }
  EXPECT_GT(count, 30);
  EXPECT_EQ(table.find("TESTING_ONLY"), std::string::npos);
  EXPECT_EQ(torch().table("aten::no_such_operator"), "");
}

TEST(TorchOperators, KeysAreNamedHighestFirst) {
  const std::vector<std::string> keys = torch().all_keys();
  const auto at = [&](const char* name) { return std::find(keys.begin(), keys.end(), name) - keys.begin(); };
  EXPECT_LT(at("ZeroTensor"), at("Negative"));
  EXPECT_LT(at("Negative"), at("Conjugate"));
  EXPECT_LT(at("Conjugate"), at("CPU"));
  EXPECT_LT(at("CPU"), static_cast<std::ptrdiff_t>(keys.size()));
}

// Since 2.0: a package of Python's has an interpreter and headers of its own, and Meta kernels in Python.
TEST(TorchOperators, PackageOfPythonNamesItsToolsAndItsMetaKernelsAreGaps) {
  const auto c = CaseMaker().floats({2}, {1, 2}).call("aten::roll", {input(0), integers({1}), integers({0})});
  const Toolchain tools = torch().toolchain();
  if (torch().version().starts_with("1.")) {
    EXPECT_EQ(tools.cpp_flags, "");
    return;
  }
  EXPECT_NE(torch().known_gap(c, corpora::parse_path("meta")), "");
  EXPECT_TRUE(tools.cpp_flags.starts_with("-I")) << tools.cpp_flags;
  EXPECT_TRUE(tools.python.ends_with("/bin/python3")) << tools.python;
}

}  // namespace
}  // namespace oracles::testing
