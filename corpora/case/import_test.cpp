#include "corpora/case/import.h"

#include <gtest/gtest.h>

#include <array>

#include "corpora/case/choice_source.h"
#include "corpora/case/schema_catalog.h"
#include "corpora/case/text.h"
#include "engine/core/input_error.h"

namespace corpora {
namespace {

const Catalog& catalog() {
  static const Catalog built = [] {
    std::vector<Operator> operators = operators_of(
        {"aten::add.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor",
         "aten::cat(Tensor[] tensors, int dim=0) -> Tensor",
         "aten::embedding(Tensor weight, Tensor indices, SymInt padding_idx=-1, bool "
         "scale_grad_by_freq=False, "
         "bool sparse=False) -> Tensor",
         "aten::native_layer_norm(Tensor input, SymInt[] normalized_shape, Tensor? weight, Tensor? bias, "
         "float eps) -> (Tensor, Tensor, Tensor)",
         "aten::zeros_like(Tensor self, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, "
         "bool? pin_memory=None, MemoryFormat? memory_format=None) -> Tensor",
         "aten::max_pool2d(Tensor self, int[2] kernel_size, int[2] stride=[], int[2] padding=0, "
         "int[2] dilation=1, bool ceil_mode=False) -> Tensor",
         "profiler::_record_function_enter(str name, str? args=None) -> Tensor"});
    operators.back().off_limits = true;
    return Catalog(std::move(operators));
  }();
  return built;
}

Imported import(std::string_view text) { return import_trace(text, "log", catalog()); }

std::string only_case(std::string_view text) {
  const Imported imported = import(text);
  if (imported.cases.size() != 1) return imported.skipped.empty() ? "" : imported.skipped.front().why;
  EXPECT_EQ(fault_of(imported.cases.front()), "");
  return to_text(imported.cases.front());
}

std::string refusal(std::string_view text) {
  try {
    import(text);
  } catch (const engine::InputError& error) {
    return error.line();
  }
  return "";
}

TEST(Import, CallBecomesACaseWithDefaults) {
  EXPECT_EQ(only_case("Operator: aten.add.Tensor\n"
                      "cnt: 8, ((T([3, 16], f32, stride=(160, 1)), T([16], f16)), {'alpha': 0.5})\n"),
            "faultline case 1\nstorage s0 f32[336] normal(1)\nstorage s1 f16[16] normal(2)\n"
            "input t0 s0 sizes [3, 16] strides [160, 1] offset 0\n"
            "input t1 s1 sizes [16] strides [1] offset 0\n"
            "call r0 aten::add.Tensor(self=t0, other=t1, alpha=0x1p-1)\n");
}

TEST(Import, ListsAndNumbersAreRead) {
  EXPECT_NE(only_case("Operator: aten.cat.default\ncnt: 1, (([T([2], f32), T([0], f32)], -1), {})")
                .find("aten::cat(tensors=[t0, t1], dim=-1)"),
            std::string::npos);
  EXPECT_NE(only_case("Operator: aten.max_pool2d.default\ncnt: 1, ((T([1, 4, 4], f32), 3, [2, 2]), {})")
                .find("kernel_size=[3, 3], stride=[2, 2], padding=[0, 0], dilation=[1, 1], ceil_mode=False)"),
            std::string::npos);
}

TEST(Import, IndicesAreZeros) {
  const std::string text =
      only_case("Operator: aten.embedding.default\ncnt: 1, ((T([50, 32], f32), T([2, 7], i64)), {})");
  EXPECT_NE(text.find("s1 i64[14] zeros"), std::string::npos) << text;
  EXPECT_NE(text.find("padding_idx=-1, scale_grad_by_freq=False"), std::string::npos) << text;
}

TEST(Import, DtypesLayoutsDevicesAndFormatsAreRead) {
  EXPECT_NE(
      only_case(
          "Operator: aten.zeros_like.default\n"
          "cnt: 2, ((T([], b8),), {'dtype': f32, 'layout': torch.strided, 'device': device(type='cuda', "
          "index=0), 'pin_memory': False, 'memory_format': torch.preserve_format})")
          .find("dtype=dtype:f32, layout=layout:strided, device=device:cpu, pin_memory=False, "
                "memory_format=memory_format:preserve)"),
      std::string::npos);
  EXPECT_NE(only_case("Operator: aten.native_layer_norm.default\n"
                      "cnt: 1, ((T([2, 3], f32), [3], None, T([3], f32), 1e-05), {})")
                .find("normalized_shape=[3], weight=None, bias=t1, eps=0x1.4f8b588e368f1p-17)"),
            std::string::npos);
}

TEST(Import, LogWithoutACallIsAnInputError) {
  EXPECT_EQ(refusal("").find("log:1:1: expected a call"), 0u) << refusal("");
  const std::string text = refusal("Operator: aten.add.Tensor\n\n");
  EXPECT_EQ(text.find("log:3:1: expected a call"), 0u) << text;
}

TEST(Import, NamesAreNumberedPerOperator) {
  const Imported imported = import(
      "Operator: aten.cat.default\ncnt: 1, (([],), {})\ncnt: 1, (([], 1), {})\n\n"
      "Operator: aten.add.Tensor\ncnt: 1, ((T([], i64), 1), {})\n");
  EXPECT_EQ(imported.names, (std::vector<std::string>{"aten.cat.default-001", "aten.cat.default-002",
                                                      "aten.add.Tensor-001"}));
}

TEST(Import, CallThatNoCaseCanHoldIsSkippedWithAReason) {
  const Imported imported = import(
      "Operator: aten.nothing.default\ncnt: 1, ((1,), {})\n"
      "Operator: profiler._record_function_enter.default\ncnt: 1, (('Optimizer.step#SGD.step',), {})\n"
      "Operator: aten.add.Tensor\n"
      "cnt: 1, ((T([2], f32),), {})\n"
      "cnt: 1, ((T([2], q8), 1), {})\n"
      "cnt: 1, ((T([2], f32), 1), {'beta': 2})\n"
      "cnt: 1, ((T([2], f32), 1), {'self': 2})\n"
      "cnt: 1, ((T([1000000, 1000000], f32), 1), {})\n"
      "cnt: 1, ((ST([2], f32, nnz=3), 1), {})\n"
      "cnt: 1, ((1, 2, 3, 4), {})\n");
  EXPECT_TRUE(imported.cases.empty());
  ASSERT_EQ(imported.skipped.size(), 9u);
  EXPECT_EQ(imported.skipped[0].why, "the subject has no such operator");
  EXPECT_EQ(imported.skipped[0].line, 2u);
  EXPECT_EQ(imported.skipped[2].why, "argument 'other' is missing");
  EXPECT_EQ(imported.skipped[3].why, "'q8' has no counterpart in a case");
  EXPECT_EQ(imported.skipped[4].why, "no argument is called 'beta'");
  EXPECT_EQ(imported.skipped[5].why, "argument 'self' is given twice");
  EXPECT_EQ(imported.skipped[7].why, "ST(...) has no counterpart in a case");
}

TEST(Import, MalformedLogIsAnInputErrorWithItsPosition) {
  EXPECT_EQ(refusal("cnt: 1, ((1,), {})\n"),
            "log:1:1: expected a line 'Operator: ...' before the first call");
  EXPECT_EQ(refusal("Operator: add\n"),
            "log:1:11: expected an operator such as aten.add.Tensor or aten.mm.default");
  EXPECT_EQ(refusal("hello\n").substr(0, 8), "log:1:1:");
  const std::string head = "Operator: aten.add.Tensor\n";
  EXPECT_EQ(refusal(head + "cnt: x, ((1,), {})\n").substr(0, 8), "log:2:6:");
  EXPECT_EQ(refusal(head + "cnt: 1, ((T([2], f32), 1), {}\n").substr(0, 9), "log:2:30:");
  EXPECT_EQ(refusal(head + "cnt: 1, ((T([2], 5), 1), {})\n"), "log:2:11: expected T([sizes], dtype)");
  EXPECT_EQ(refusal(head + "cnt: 1, ((T([2], f32, stride=(1, 2)), 1), {})\n"),
            "log:2:11: expected a stride for each of the 1 sizes");
  EXPECT_EQ(refusal(head + "cnt: 1, ((1, 2), {}) x\n").substr(0, 9), "log:2:22:");
  EXPECT_NE(refusal(head + "cnt: 1, ((" + std::string(100000, '[')), "");
  EXPECT_NE(refusal(head + "cnt: 1, ((" + std::string(100000, '(')), "");
  EXPECT_NE(refusal(head + "cnt: 1, ((T(" + std::string(1000, 'T')), "");
}

TEST(Import, MutatedLogsAreReadOrAreInputErrors) {
  const std::string log =
      "Operator: aten.add.Tensor\n"
      "cnt: 8, ((T([3, 16], f32, stride=(160, 1)), T([16], f16)), {'alpha': 0.5})\n"
      "Operator: aten.zeros_like.default\n"
      "cnt: 2, ((T([], b8),), {'dtype': f32, 'layout': torch.strided, 'device': device(type='cpu'), "
      "'pin_memory': False})\n"
      "Operator: aten.cat.default\ncnt: 1, (([T([2], f32), T([0], c64)], -1), {})\n";
  constexpr std::array<std::string_view, 14> words{
      "T(", "[", "]", "(", ")", "{", "}", "'", ",", "stride=", "1e308", "1+2j", "-1", "9999999999999999999"};
  int read = 0;
  for (uint64_t i = 0; i < 10000; ++i) {
    PhiloxChoices choices(3, 4, i);
    std::string changed = log;
    for (uint64_t n = 1 + choices.below(3); n > 0; --n) {
      const size_t at = choices.below(changed.size());
      if (choices.chance(1, 2)) {
        changed.replace(at, choices.below(6), choices.pick(words));
      } else {
        changed[at] = static_cast<char>(choices.below(256));
      }
    }
    try {
      for (const Case& c : import(changed).cases) ASSERT_EQ(fault_of(c), "");
      ++read;
    } catch (const engine::InputError& error) {
      ASSERT_EQ(error.where().find("log:"), 0u) << error.line();
      ASSERT_EQ(error.line().find('\n'), std::string::npos) << error.line();
    }
  }
  EXPECT_GT(read, 100);
}

}  // namespace
}  // namespace corpora
