// Operators that misbehave in ways that a run must survive and report.
#include <ATen/core/ivalue.h>
// The value type comes first: some compilers want it complete in the headers below.
#include <ATen/ATen.h>
#include <torch/library.h>

#include "oracles/make_subject.h"
#include "oracles/subjects/torch/torch_cases.h"

namespace {

at::Tensor leak_keys(const at::Tensor& self) {
  c10::impl::tls_set_dispatch_key_excluded(c10::DispatchKey::AutogradCPU, true);
  return self.clone();
}

at::Tensor leak_and_throw(const at::Tensor&) {
  at::globalContext().setDeterministicAlgorithms(true, false);
  c10::set_default_dtype(caffe2::TypeMeta::Make<double>());
  TORCH_CHECK(false, "after the leak");
}

at::Tensor write_after(const at::Tensor& self) {
  at::Tensor result = at::zeros_like(self);
  result.data_ptr<float>()[self.numel()] = 1;
  return result;
}

at::Tensor write_before(const at::Tensor& self) {
  at::empty({3}).data_ptr<float>()[-1] = 1;
  return self.clone();
}

at::Tensor throw_number(const at::Tensor&) { throw 7; }
at::Tensor throw_standard(const at::Tensor&) { throw std::out_of_range("too far"); }
at::Tensor swallow_memory(const at::Tensor& self) {
  try {
    (void)at::empty({int64_t{1} << 40});
  } catch (...) {
  }
  return self.clone();
}
at::Tensor uninitialised(const at::Tensor& self) { return at::empty_like(self); }
at::Tensor sneaky_write(const at::Tensor& self) {
  self.data_ptr<float>()[0] = 42;
  return self.clone();
}
at::Tensor past_storage(const at::Tensor& self) {
  at::Tensor result = self.clone();
  result.unsafeGetTensorImpl()->set_sizes_and_strides(c10::IntArrayRef{1000}, c10::IntArrayRef{1});
  return result;
}
at::Tensor by_value(at::Tensor self, double factor) { return self * factor; }

}  // namespace

TORCH_LIBRARY(hostile, library) {
  library.def("leak_keys(Tensor self) -> Tensor", leak_keys);
  library.def("odd_default(Tensor self, int count=True) -> Tensor");
  library.def("leak_and_throw(Tensor self) -> Tensor", leak_and_throw);
  library.def("write_after(Tensor self) -> Tensor", write_after);
  library.def("write_before(Tensor self) -> Tensor", write_before);
  library.def("throw_number(Tensor self) -> Tensor", throw_number);
  library.def("throw_standard(Tensor self) -> Tensor", throw_standard);
  library.def("swallow_memory(Tensor self) -> Tensor", swallow_memory);
  library.def("uninitialised(Tensor self) -> Tensor", uninitialised);
  library.def("sneaky_write(Tensor self) -> Tensor", sneaky_write);
  library.def("past_storage(Tensor self) -> Tensor", past_storage);
  library.def("by_value(Tensor self, float factor) -> Tensor", by_value);
}

namespace oracles::testing {
namespace {

corpora::Case hostile(const std::string& name) {
  return CaseMaker().floats({4}, {1, 2, 3, 4}).call("hostile::" + name, {input(0)});
}

TEST(TorchHostile, OperatorWithARejectedSchemaIsLeftOutWithAReason) {
  ASSERT_EQ(torch().left_out().size(), 1U);
  EXPECT_EQ(torch().left_out().front().find("hostile::odd_default: schema:1:"), 0U);
  EXPECT_EQ(torch().catalog().find("hostile::odd_default"), nullptr);
  EXPECT_NE(torch().catalog().find("hostile::leak_keys"), nullptr);
}

TEST(TorchHostile, LeakedStateIsReportedAndUndone) {
  const Outcome leaked = run(hostile("leak_keys"));
  EXPECT_TRUE(leaked.returned());
  EXPECT_NE(leaked.state.before, leaked.state.after);
  const Outcome clean = run(addition());
  EXPECT_EQ(clean.state.before, clean.state.after);
}

TEST(TorchHostile, LeakBeforeAnErrorIsReportedAndUndone) {
  const Outcome leaked = run(hostile("leak_and_throw"));
  EXPECT_EQ(leaked.last().message, "after the leak");
  EXPECT_NE(leaked.state.after.find("default_dtype=Double"), std::string::npos) << leaked.state.after;
  EXPECT_NE(leaked.state.after.find("deterministic=1"), std::string::npos);
  const Outcome clean = run(addition());
  EXPECT_EQ(clean.state.before, clean.state.after);
}

TEST(TorchHostile, WriteOutsideABlockIsDetected) {
  EXPECT_TRUE(run(hostile("write_after")).last().guard_damaged);
  EXPECT_TRUE(run(hostile("write_before")).last().guard_damaged);
  EXPECT_FALSE(run(addition()).last().guard_damaged);
}

TEST(TorchHostile, EveryExceptionIsAnOutcome) {
  EXPECT_EQ(run(hostile("throw_number")).last().error_class, "unknown");
  EXPECT_EQ(run(hostile("throw_standard")).last().error_class, "std::out_of_range");
}

TEST(TorchHostile, SwallowedMemoryErrorIsStillOverMemory) {
  EXPECT_EQ(run(hostile("swallow_memory")).last().status, Status::over_memory);
}

TEST(TorchHostile, UninitialisedMemoryHasThePattern) {
  EXPECT_EQ(first_tensor(run(hostile("uninitialised"))).values, std::vector<std::byte>(16, std::byte{0xA5}));
  EXPECT_EQ(first_tensor(run(hostile("uninitialised"), "pattern")).values,
            std::vector<std::byte>(16, std::byte{0x5A}));
}

TEST(TorchHostile, UndeclaredWriteIsDetected) {
  const Outcome outcome = run(hostile("sneaky_write"));
  ASSERT_EQ(outcome.last().changes.size(), 1u);
  EXPECT_TRUE(outcome.last().changes[0].values_changed);
  EXPECT_EQ(outcome.last().changes[0].version_delta, 0);
}

TEST(TorchHostile, ViewLargerThanItsStorageIsNotRead) {
  const TensorSnapshot shot = first_tensor(run(hostile("past_storage")));
  EXPECT_EQ(shot.sizes, (engine::Dims{1000}));
  EXPECT_FALSE(shot.has_values);
}

TEST(TorchHostile, ArgumentsByValueHaveTypedCalls) {
  const auto c = CaseMaker().floats({2}, {1, 2}).call("hostile::by_value", {input(0), Value::of_real(2)});
  EXPECT_EQ(torch().refuses(c, corpora::parse_path("typed")), "");
  EXPECT_EQ(floats_of(run(c, "typed")), floats_of(run(c)));
}

TEST(TorchLoading, UnloadableLibraryGivesOneLine) {
  for (const char* file : {"/no/such/library.so", "/etc/hostname"}) {
    try {
      (void)make_subject("torch", {.load = {file}});
      FAIL() << file;
    } catch (const engine::InputError& error) {
      EXPECT_EQ(error.where(), file);
      EXPECT_EQ(error.line().find('\n'), std::string::npos);
      EXPECT_NE(error.line().find(file), std::string::npos) << error.line();
    }
  }
}

TEST(TorchLoading, UnknownSubjectsAreRefused) {
  EXPECT_THROW((void)make_subject("tensorflow", {}), engine::InputError);
  EXPECT_THROW((void)make_subject("jax", {}), engine::InputError);
}

}  // namespace
}  // namespace oracles::testing
