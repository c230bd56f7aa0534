// Example findings for tests: small and complete.
#pragma once

#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include "corpora/case/text.h"
#include "engine/dispatch/schema.h"
#include "engine/dispatch/schema_parser.h"
#include "reports/fingerprint.h"
#include "reports/report_data.h"

namespace reports::example {

inline corpora::Case strided_exp_case() {
  return corpora::parse_case(R"(faultline case 1
subject torch
oracle zero
path zero(0)
expect differ strides
storage s0 f32[4] zeros
input t0 s0 sizes [2, 2] strides [1, 2] offset 0
call r0 aten::exp(self=t0)
)",
                             "example");
}

// A 2x2 result of ones with these strides.
inline oracles::Side side_of_ones(const engine::Dims& strides) {
  oracles::TensorSnapshot tensor;
  tensor.sizes = {2, 2};
  tensor.strides = strides;
  tensor.has_values = true;
  const std::vector<float> ones(4, 1.0F);
  const auto* bytes = reinterpret_cast<const std::byte*>(ones.data());
  tensor.values.assign(bytes, bytes + 4 * sizeof(float));
  oracles::Side side = oracles::side_showing(strides);
  side.whole = {oracles::result_of(tensor)};
  return side;
}

inline oracles::Shown f32_element(float x) {
  return oracles::Element::at(engine::DType::f32, reinterpret_cast<const std::byte*>(&x));
}

// A ZeroTensor with transposed strides: the result of exp is contiguous. True of PyTorch 1.13.
inline Finding zero_strides() {
  Finding f;
  f.minimal = strided_exp_case();
  f.signature = {"torch", "zero", "aten::exp", oracles::Kind::strides};
  f.features = {"key:ZeroTensor", "layout:strided"};
  f.verdict.judgement = oracles::Judgement::differ;
  f.verdict.right = f.minimal.header.path;
  oracles::Divergence& d = f.verdict.divergence;
  d.kind = oracles::Kind::strides;
  d.op = "aten::exp";
  d.place = {oracles::Part::result, 0};
  d.left = side_of_ones({1, 2});
  d.right = side_of_ones({2, 1});
  f.schemas = {engine::parse_schema("aten::exp(Tensor self) -> Tensor")};
  f.left_trace = {"aten::exp [CPU]"};
  f.right_trace = {"aten::exp [ZeroTensor, CPU]", "  aten::zeros [CPU]", "  aten::exp [CPU]"};
  f.origin.rng_seed = 7;
  f.origin.index = 4211;
  f.origin.subject_version = "1.13.1";
  f.origin.faultline_version = "0.1.0";
  f.origin.build = "release";
  f.origin.device = "cpu";
  f.candidates_tried = 23;
  f.fingerprint = fingerprint_of(f.signature, f.features);
  f.group = group_of(f.signature, f.features);
  return f;
}

// The same cause in another operator.
inline Finding zero_strides_of(const std::string& op) {
  Finding f = zero_strides();
  f.signature.op = f.verdict.divergence.op = f.minimal.calls[0].op = op;
  f.schemas = {engine::parse_schema(op + "(Tensor self) -> Tensor")};
  f.fingerprint = fingerprint_of(f.signature, f.features);
  return f;
}

// Another finding on the mistake of zero_strides().
inline Finding neg_strides() {
  Finding f = zero_strides();
  f.signature.oracle = f.minimal.header.oracle = "neg";
  f.verdict.left.clear();
  f.verdict.right = f.minimal.header.path = corpora::parse_path("neg(0)");
  f.features = {"key:Negative", "layout:strided"};
  f.fingerprint = fingerprint_of(f.signature, f.features);
  f.group = group_of(f.signature, f.features);
  return f;
}

inline Finding known_zero_times_infinity() {
  Finding f = zero_strides();
  f.minimal = corpora::parse_case(R"(faultline case 1
subject torch
oracle zero
path zero(0)
expect differ nan_pattern
storage s0 f32[1] zeros
storage s1 f32[1] values { inf }
input t0 s0 sizes [1] strides [1] offset 0
input t1 s1 sizes [1] strides [1] offset 0
call r0 aten::mul.Tensor(self=t0, other=t1)
)",
                                  "example");
  f.signature = {"torch", "zero", "aten::mul.Tensor", oracles::Kind::nan_pattern};
  f.features = {"key:ZeroTensor", "values:inf"};
  f.known = "torch-zero-times-infinity";
  oracles::Divergence& d = f.verdict.divergence;
  d.kind = oracles::Kind::nan_pattern;
  d.op = "aten::mul.Tensor";
  d.place = {oracles::Part::result, 0, -1, engine::Dims{0}};
  d.left = oracles::side_showing(f32_element(std::nanf("")));
  d.right = oracles::side_showing(f32_element(0));
  d.tier = oracles::Tier::t0;
  f.schemas = {engine::parse_schema("aten::mul.Tensor(Tensor self, Tensor other) -> Tensor")};
  f.left_trace = {"aten::mul.Tensor [CPU]"};
  f.right_trace = {"aten::mul.Tensor [ZeroTensor, CPU]"};
  f.fingerprint = fingerprint_of(f.signature, f.features);
  f.group = group_of(f.signature, f.features);
  return f;
}

// A finding in which every text contains markup.
inline Finding hostile() {
  Finding f = zero_strides_of("evil::op");
  const std::string text =
      "</script><script>alert(1)</script> & \"quotes\" 'single' ]]> <!-- `*_|\x01\n{{data}}";
  f.features = {"message:" + text};
  oracles::Divergence& d = f.verdict.divergence;
  d.left = oracles::side_that(oracles::End::raised, text);
  d.left.error_class = text;
  d.right.last_output = text;
  d.place.name = d.bound_reason = text;
  f.left_trace = {text};
  f.repro_py_absent = text;
  f.known = "";
  f.fingerprint = fingerprint_of(f.signature, f.features);
  f.group = group_of(f.signature, f.features);
  return f;
}

inline ReportData report_of(std::vector<Finding> findings) {
  ReportData data;
  data.cases = 3000;
  data.seconds = 12.5;
  data.oracles = {{"meta", {{2800, 100, 0, 100, 0, 0, 0, 0, 0, 700}, {0, 1000, 2000, 0, 0}}},
                  {"zero", {{5406, 300, 3, 290, 1, 0, 0, 5000, 6, 0}, {0, 3000, 400, 20, 1}}}};
  for (const OracleRow& row : data.oracles) data.counts.add(row.counts);
  OperatorTally& exp = data.operators["aten::exp"];
  exp.drawn = 16;
  exp.accepted = exp.executed = exp.differentiable = 12;
  exp.oracles["zero"] = {{5, 0, 1, 0, 0, 0, 0, 3, 0, 0}};
  OperatorTally& unfinished = data.operators["aten::unfinished"];
  unfinished.drawn = 9;
  unfinished.gaps = 4;
  unfinished.last_error = "RuntimeError: boxes must be [K, 5]";
  unfinished.missing = {
      {oracles::Gap::meta_kernel, "TORCH_LIBRARY_IMPL(aten, Meta, m) { m.impl(\"unfinished\", ...); }",
       "@torch.library.register_fake(\"aten::unfinished\")"},
      {oracles::Gap::autograd_formula, "a formula that no call could use", ""}};
  unfinished.oracles["meta"] = {{0, 0, 0, 0, 0, 0, 0, 0, 0, 4}};
  data.runs = {{7, 3000, "torch", "1.13.1", "ops= oracles=zero,meta", "0.1.0"}};
  data.known_reasons["torch-zero-times-infinity"] = "A ZeroTensor times anything is a ZeroTensor.";
  data.findings = std::move(findings);
  group_findings(data);
  return data;
}

inline ReportData small_report() {
  return report_of({zero_strides(), zero_strides_of("aten::sin"), known_zero_times_infinity()});
}

// A new, empty directory, removed by the destructor.
class Directory {
 public:
  explicit Directory(const std::string& name)
      : path_(std::filesystem::temp_directory_path() /
              ("faultline-" + name + "-" + std::to_string(getpid()))) {
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
  }
  ~Directory() { std::filesystem::remove_all(path_); }
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }
  std::string text() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

}  // namespace reports::example
