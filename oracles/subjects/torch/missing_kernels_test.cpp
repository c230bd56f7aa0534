// Which kernels and formulas the torch subject says that an operator lacks, and the lines that add them.
#include <ATen/core/ivalue.h>
// The value type comes first: some compilers want it complete in the headers below.
#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <torch/library.h>

#include "oracles/gap_reporter.h"
#include "oracles/subjects/torch/torch_cases.h"

namespace {

at::Tensor copied(const at::Tensor& x) { return x.clone(); }
at::Tensor& copied_into(const at::Tensor& x, at::Tensor& out) { return out.copy_(x); }

}  // namespace

TORCH_LIBRARY(unfinished, library) {
  library.def("nothing(Tensor x) -> Tensor");
  library.def("cpu_only(Tensor x) -> Tensor");
  library.def("cpu_only.out(Tensor x, *, Tensor(a!) out) -> Tensor(a!)");
  library.def("without_formula(Tensor x) -> Tensor");
  library.def("composite(Tensor x) -> Tensor", copied);
  library.def("numbers(int n) -> int");
}
TORCH_LIBRARY_IMPL(unfinished, CPU, library) {
  library.impl("cpu_only", copied);
  library.impl("cpu_only.out", copied_into);
  library.impl("without_formula", copied);
  library.impl("numbers", [](int64_t n) { return n; });
}
TORCH_LIBRARY_IMPL(unfinished, Meta, library) { library.impl("without_formula", copied); }

namespace oracles::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<Gap> gaps_named(const char* op) {
  std::vector<Gap> kinds;
  for (const OperatorGap& gap : gaps_of(torch(), op)) kinds.push_back(gap.what);
  return kinds;
}

TEST(MissingKernels, AreThoseThatNoRegistrationServes) {
  EXPECT_THAT(gaps_named("unfinished::nothing"),
              ElementsAre(Gap::cpu_kernel, Gap::meta_kernel, Gap::autograd_formula));
  EXPECT_THAT(gaps_named("unfinished::cpu_only"), ElementsAre(Gap::meta_kernel, Gap::autograd_formula));
  EXPECT_THAT(gaps_named("unfinished::without_formula"), ElementsAre(Gap::autograd_formula));
  EXPECT_THAT(gaps_named("unfinished::composite"), IsEmpty());
  EXPECT_THAT(gaps_named("aten::add.Tensor"), IsEmpty());
}

TEST(MissingKernels, AreNotThoseThatTheOperatorCannotUse) {
  EXPECT_THAT(gaps_named("unfinished::cpu_only.out"), ElementsAre(Gap::meta_kernel)) << "an out= form";
  EXPECT_THAT(gaps_named("unfinished::numbers"), IsEmpty()) << "no tensors";
}

TEST(MissingKernels, LinesNameTheOperatorWithItsOverload) {
  const std::vector<OperatorGap> gaps = gaps_of(torch(), "unfinished::cpu_only.out");
  ASSERT_EQ(gaps.size(), 1U);
  EXPECT_EQ(gaps[0].write, "TORCH_LIBRARY_IMPL(unfinished, Meta, m) { m.impl(\"cpu_only.out\", ...); }");
  EXPECT_THAT(gaps[0].write_python, HasSubstr("torch.library."));
  EXPECT_THAT(gaps[0].write_python, HasSubstr("cpu_only.out"));
}

}  // namespace
}  // namespace oracles::testing
