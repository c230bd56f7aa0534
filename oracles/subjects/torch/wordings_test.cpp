// Operators of an author's library that make one mistake each, once for every wording of their errors.
// Verdicts must not depend on the wording, nor on words in operators' names. Beside them operators without a
// mistake.
#include <ATen/core/ivalue.h>
// The value type comes first: some compilers want it complete in the headers below.
#include <ATen/ATen.h>
#include <ATen/Dispatch.h>
#include <torch/library.h>

#include <array>
#include <map>
#include <utility>

#include "oracles/oracle_checks.h"
#include "oracles/subjects/torch/torch_cases.h"

namespace {

// The last ones are libtorch's own, word for word.
constexpr std::array<const char*, 18> wordings{
    "unsupported input",
    "values must be 2-d",
    "index out of range",
    "expected a contiguous tensor",
    "not supported on CPU",
    "CUDA error",
    "cannot call item() here: no data, a meta tensor",
    "strides of dense tensors overlap in memory format",
    "must be between 0 and 1: division by zero, overflow",
    "all elements of a positive definite matrix converge",
    "this is not compiled with MKL, and requires CUDA or LAPACK",
    "\"kernel\" not implemented for 'Float'",
    "ZeroDivisionError",
    "value cannot be converted to type int8_t without overflow",
    "DispatchStub: unsupported device typemeta",
    "linalg.lu_factor: LU without pivoting is not implemented on the CPU",
    "view size is not compatible with input tensor's size and stride (at least one dimension spans across "
    "two "
    "contiguous subspaces). Use .reshape(...) instead.",
    "x.is_contiguous() INTERNAL ASSERT FAILED at \"./aten/src/ATen/native/x.cpp\":1, please report a bug to "
    "PyTorch. "};

enum class Raised { by_check, by_standard_exception };

template <Raised how>
void refuse(bool refuses, int wording) {
  const char* const words = wordings[static_cast<size_t>(wording)];
  if constexpr (how == Raised::by_check) TORCH_CHECK(!refuses, words);
  if (refuses) throw std::runtime_error(words);
}

template <int n, Raised how>
struct Worded {
  static at::Tensor right(const at::Tensor& self) { return at::clone(self); }
  static at::Tensor on_meta(const at::Tensor& self) { return at::empty_like(self); }
  static at::Tensor refuses_rank_2(const at::Tensor& self) {
    refuse<how>(self.dim() == 2, n);
    return at::empty_like(self).zero_();
  }
  static at::Tensor refuses_strided(const at::Tensor& self) {
    refuse<how>(!self.is_contiguous(), n);
    return at::clone(self);
  }
  static at::Tensor refuses_half(const at::Tensor& self) {
    refuse<how>(self.scalar_type() == at::kHalf, n);
    return at::clone(self);
  }
  static at::Tensor refuses_negative(const at::Tensor& self) {
    refuse<how>(at::any(self < 0).item<bool>(), n);
    return at::clone(self);
  }
  // Takes its input for contiguous memory of indices.
  static at::Tensor misreads(const at::Tensor& self) {
    const auto* elements = self.data_ptr<float>();
    for (int64_t i = 0; i < self.numel(); ++i) refuse<how>(elements[i] > 9, n);
    return at::clone(self);
  }
  static at::Tensor& written(at::Tensor& self) { return self; }
  static at::Tensor& refuses_in_place(at::Tensor& self) {
    refuse<how>(true, n);
    return self;
  }
};

std::string named(const char* base, int wording, Raised how) {
  return std::string(base) + (how == Raised::by_check ? "_item_" : "_values_") + std::to_string(wording);
}

template <int n, Raised how>
void add(torch::Library& library, const char* base, at::Tensor (*cpu)(const at::Tensor&),
         at::Tensor (*meta)(const at::Tensor&)) {
  const std::string name = named(base, n, how);
  library.def((name + "(Tensor self) -> Tensor").c_str());
  library.impl(name.c_str(), torch::dispatch(c10::DispatchKey::CPU, cpu));
  library.impl(name.c_str(), torch::dispatch(c10::DispatchKey::Meta, meta));
}

template <int n, Raised how>
void add_all(torch::Library& library) {
  using Op = Worded<n, how>;
  add<n, how>(library, "meta_accepts", Op::refuses_rank_2, Op::on_meta);
  add<n, how>(library, "meta_refuses", Op::right, Op::refuses_rank_2);
  add<n, how>(library, "requires_layout", Op::refuses_strided, Op::on_meta);
  add<n, how>(library, "lacks_half", Op::refuses_half, Op::on_meta);
  add<n, how>(library, "refuses_values", Op::refuses_negative, Op::on_meta);
  add<n, how>(library, "misreads", Op::misreads, Op::on_meta);
  add<n, how>(library, "neg_refuses", Op::right, Op::on_meta);
  library.impl(named("neg_refuses", n, how).c_str(),
               torch::dispatch(c10::DispatchKey::Negative, Op::refuses_rank_2));
  add<n, how>(library, "zero_refuses", Op::right, Op::on_meta);
  library.impl(named("zero_refuses", n, how).c_str(),
               torch::dispatch(c10::DispatchKey::ZeroTensor, Op::refuses_rank_2));
  const std::string form = named("form", n, how);
  add<n, how>(library, "form", Op::right, Op::on_meta);
  library.def((form + "_(Tensor(a!) self) -> Tensor(a!)").c_str());
  library.impl((form + "_").c_str(), torch::dispatch(c10::DispatchKey::CPU, Op::refuses_in_place));
}

template <int... n>
void add_wordings(torch::Library& library, std::integer_sequence<int, n...>) {
  (add_all<n, Raised::by_check>(library), ...);
  (add_all<n, Raised::by_standard_exception>(library), ...);
}

at::Tensor on_meta(const at::Tensor& self) { return at::empty_like(self); }

at::Tensor of_floats(const at::Tensor& self) {
  AT_DISPATCH_FLOATING_TYPES(self.scalar_type(), "of_floats", [] {});
  return at::clone(self);
}

at::Tensor picks(const at::Tensor& self, const at::Tensor& index) { return at::take(self, index); }
at::Tensor picks_on_meta(const at::Tensor& self, const at::Tensor& index) {
  return at::empty(index.sizes(), self.options());
}

at::Tensor picks_in_its_own_words(const at::Tensor& self, const at::Tensor& index) {
  const auto size = self.numel();
  TORCH_CHECK(index.numel() == 0 || (index.min().item<int64_t>() >= 0 && index.max().item<int64_t>() < size),
              "no such row");
  return at::take(self, index);
}

at::Tensor nonzeros(const at::Tensor& self) { return at::masked_select(self, self != 0); }
at::Tensor nonzeros_on_meta(const at::Tensor& self) { return at::empty({self.numel()}, self.options()); }
at::Tensor nonzeros_unknown(const at::Tensor&) {
  TORCH_CHECK_NOT_IMPLEMENTED(false, "the number of results depends on data");
}

}  // namespace

TORCH_LIBRARY(wordings, library) {
  add_wordings(library, std::make_integer_sequence<int, wordings.size()>());
  const auto add_plain = [&](const char* name, auto cpu, auto meta, const char* arguments) {
    library.def((std::string(name) + arguments + " -> Tensor").c_str());
    library.impl(name, torch::dispatch(c10::DispatchKey::CPU, cpu));
    library.impl(name, torch::dispatch(c10::DispatchKey::Meta, meta));
  };
  add_plain("of_floats", of_floats, on_meta, "(Tensor self)");
  add_plain("picks", picks, picks_on_meta, "(Tensor self, Tensor index)");
  add_plain("picks_in_its_own_words", picks_in_its_own_words, picks_on_meta, "(Tensor self, Tensor index)");
  add_plain("nonzeros", nonzeros, nonzeros_on_meta, "(Tensor self)");
  add_plain("nonzeros_unknown", nonzeros, nonzeros_unknown, "(Tensor self)");
}

namespace oracles::testing {
namespace {

using Check = Verdict (*)(Trial&);

Verdict judged(const corpora::Case& c, Check check) {
  Trial trial(torch(), c);
  return check(trial);
}

corpora::Case contiguous(const std::string& op) {
  return CaseMaker().floats({2, 3}, {-1, 2, 3, 4, 5, 6}).call("wordings::" + op, {input(0)});
}

// Every second column of a matrix; what lies between is no index.
corpora::Case strided(const std::string& op) {
  CaseMaker maker;
  maker.floats({8}, {1, 99, 2, 99, 3, 99, 4, 99}).view(0, {2, 2}, {4, 2}, 0);
  return maker.call("wordings::" + op, {input(1)});
}

corpora::Case of_half(const std::string& op) {
  return CaseMaker().input<uint16_t>(engine::DType::f16, {2}, {0, 0}).call("wordings::" + op, {input(0)});
}

// The same verdict for every wording: how many of them there were, by what they say.
using Said = std::map<std::string, int>;
Said verdicts(const char* base, corpora::Case (*made)(const std::string&), Check check) {
  Said said;
  for (const Raised how : {Raised::by_check, Raised::by_standard_exception})
    for (int n = 0; n < static_cast<int>(wordings.size()); ++n) {
      const Verdict verdict = judged(made(named(base, n, how)), check);
      std::string text(name_of(verdict.judgement));
      if (verdict.judgement == Judgement::differ) text += " " + std::string(name_of(verdict.divergence.kind));
      ++said[text];
    }
  return said;
}
Said always(const char* verdict) { return {{verdict, 2 * static_cast<int>(wordings.size())}}; }

TEST(Wordings, MistakesDifferInAnyWords) {
  EXPECT_EQ(verdicts("meta_accepts", contiguous, check_meta), always("differ error"));
  EXPECT_EQ(verdicts("meta_refuses", contiguous, check_meta), always("differ error"));
  EXPECT_EQ(verdicts("neg_refuses", contiguous, check_neg), always("differ error"));
  EXPECT_EQ(verdicts("zero_refuses", contiguous, check_zero), always("differ error"));
  EXPECT_EQ(verdicts("form", contiguous, check_variants), always("differ error"));
  EXPECT_EQ(verdicts("misreads", strided, check_layout), always("differ error"));
}

TEST(Wordings, RequirementsAreIncomparableInAnyWords) {
  EXPECT_EQ(verdicts("requires_layout", strided, check_meta), always("incomparable"));
  EXPECT_EQ(verdicts("requires_layout", strided, check_layout), always("incomparable"));
  EXPECT_EQ(verdicts("lacks_half", of_half, check_meta), always("incomparable"));
  EXPECT_EQ(verdicts("refuses_values", contiguous, check_meta), always("incomparable"));
}

TEST(Wordings, KernelsOfSomeDTypesAreIncomparable) {
  EXPECT_EQ(judged(of_half("of_floats"), check_meta).judgement, Judgement::incomparable);
  const auto integers = CaseMaker().input<int64_t>(engine::DType::i64, {2}, {1, 2});
  EXPECT_EQ(judged(CaseMaker(integers).call("wordings::of_floats", {input(0)}), check_meta).judgement,
            Judgement::incomparable);
}

TEST(Wordings, IndicesIntoNothingAreIncomparable) {
  for (const char* op : {"wordings::picks", "wordings::picks_in_its_own_words"}) {
    const auto picking = [&](engine::Dims sizes, const std::vector<float>& values) {
      return CaseMaker()
          .floats(std::move(sizes), values)
          .input<int64_t>(engine::DType::i64, {2}, {0, 7})
          .call(op, {input(0), input(1)});
    };
    EXPECT_EQ(judged(picking({3}, {1, 2, 3}), check_meta).judgement, Judgement::incomparable) << op;
    EXPECT_EQ(judged(picking({0}, {}), check_meta).judgement, Judgement::incomparable) << op;
  }
}

TEST(Wordings, SizesThatDependOnDataAreIncomparableOrAGap) {
  const auto c = [](const char* op) { return CaseMaker().floats({3}, {1, 0, 2}).call(op, {input(0)}); };
  EXPECT_EQ(judged(c("wordings::nonzeros"), check_meta).judgement, Judgement::incomparable);
  EXPECT_EQ(judged(c("wordings::nonzeros_unknown"), check_meta).judgement, Judgement::gap);
}

TEST(Wordings, LibtorchsOwnMessagesSayWhatTheyAreAbout) {
  const auto cause = [](const corpora::Case& c, const char* path = "direct") {
    return static_cast<int>(run(c, path).last().cause);
  };
  const auto singular = CaseMaker().floats({2, 2}, {1, 1, 1, 1}).call("aten::linalg_inv", {input(0)});
  EXPECT_EQ(cause(singular), static_cast<int>(ErrorCause::values));
  const auto unpivoted =
      CaseMaker().floats({1, 1}, {1}).call("aten::linalg_lu_factor", {input(0), Value::of_boolean(false)});
  EXPECT_EQ(cause(unpivoted), static_cast<int>(ErrorCause::missing_kernel));
  EXPECT_EQ(cause(contiguous(named("meta_accepts", 15, Raised::by_check))),
            static_cast<int>(ErrorCause::unknown));
}

}  // namespace
}  // namespace oracles::testing
