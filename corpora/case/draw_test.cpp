#include "corpora/case/draw.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "corpora/case/draw_tensors.h"
#include "corpora/case/image_bits.h"
#include "corpora/case/schema_catalog.h"
#include "corpora/case/text.h"

namespace corpora {
namespace {

const Catalog& catalog() {
  static const Catalog made = catalog_of(
      {"t::unary(Tensor self) -> Tensor", "t::binary(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor",
       "t::binary_(Tensor(a!) self, Tensor other) -> Tensor(a!)",
       "t::unary.out(Tensor self, *, Tensor(a!) out) -> Tensor(a!)",
       "t::reduce(Tensor self, int[1]? dim=None, bool keepdim=False) -> Tensor",
       "t::cat(Tensor[] tensors, int dim=0) -> Tensor", "t::opt(Tensor self, Tensor? weight=None) -> Tensor",
       "t::mm(Tensor self, Tensor mat2) -> Tensor",
       "t::sized(Tensor self, int[2] size, int[2]? step=None) -> Tensor",
       "t::index(Tensor self, Tensor index) -> Tensor", "t::undef(Tensor self, Tensor other) -> Tensor",
       "aten::clone(Tensor self) -> Tensor", "aten::neg_(Tensor(a!) self) -> Tensor(a!)",
       "aten::transpose.int(Tensor(a) self, int dim0, int dim1) -> Tensor(a)",
       "aten::_neg_view(Tensor(a) self) -> Tensor(a)"});
  return made;
}

const Domains& domains() {
  static const Domains made = Domains::parse(
      "* : dim = dim\n"
      "t::mm : self = tensor(N, K) ; mat2 = tensor(K, M)\n"
      "t::index : self = tensor(N, M) ; index = tensor(_) i64 below(N) ; let N = 1..5\n"
      "t::undef : other = tensor(S...)?\n",
      "test.domains");
  return made;
}

Case drawn(uint64_t index) {
  const auto& operators = catalog().operators();
  PhiloxChoices choices(5, index % operators.size(), index);
  return draw(catalog(), operators[index % operators.size()], domains(), choices);
}

TEST(Draw, CasesAreWellFormedAndReadBack) {
  for (uint64_t index = 0; index < 6000; ++index) {
    const Case c = drawn(index);
    ASSERT_EQ(fault_of(c), "") << to_text(c);
    ASSERT_EQ(parse_case(to_text(c), "drawn"), c) << to_text(c);
    ASSERT_EQ(c.calls.back().op, catalog().operators()[index % catalog().operators().size()].name);
  }
}

TEST(Draw, EqualChoicesDrawEqualCases) {
  for (uint64_t index = 0; index < 500; ++index) ASSERT_EQ(drawn(index), drawn(index));
}

TEST(Draw, ExhaustedChoicesDrawACase) {
  for (const Operator& op : catalog().operators()) {
    ByteChoices nothing({});
    const Case c = draw(catalog(), op, domains(), nothing);
    EXPECT_EQ(fault_of(c), "") << op.name;
  }
}

TEST(Draw, SchemaWithoutDomainsIsEnough) {
  const Domains none;
  for (uint64_t index = 0; index < 600; ++index) {
    const Operator& op = catalog().operators()[index % catalog().operators().size()];
    PhiloxChoices choices(7, 0, index);
    EXPECT_EQ(fault_of(draw(catalog(), op, none, choices)), "") << op.name;
  }
}

// Kernels read the declared number of elements without a check.
TEST(Draw, SizedListsAreSometimesLongerAndNeverShorter) {
  int longer = 0;
  for (uint64_t index = 0; index < 2000; ++index) {
    PhiloxChoices choices(8, 0, index);
    const Case c = draw(catalog(), *catalog().find("t::sized"), domains(), choices);
    for (const Value& value : c.calls.back().arguments) {
      if (value.kind != ValueKind::list) continue;
      ASSERT_GE(value.list.size(), 2u) << to_text(c);
      longer += value.list.size() > 2;
    }
  }
  EXPECT_GT(longer, 20);
}

TEST(Draw, NoTensorIsLargerThanTheLimit) {
  for (uint64_t index = 0; index < 4000; ++index) {
    PhiloxChoices choices(6, 0, index);
    const Case c = draw(catalog(), *catalog().find("t::mm"), domains(), choices, {.elements_max = 16});
    if (c.calls.size() > 1) continue;  // an earlier call may see a larger tensor
    for (const Input& input : c.inputs) ASSERT_LE(engine::element_count(input.sizes), 32) << to_text(c);
  }
}

TEST(Draw, IndicesAreInRange) {
  int seen = 0;
  const Operator& op = *catalog().find("t::index");
  for (uint64_t index = 0; index < 2000; ++index) {
    PhiloxChoices choices(7, 0, index);
    const Case c = draw(catalog(), op, domains(), choices);
    for (const Storage& storage : c.storages) {
      if (storage.rule != FillRule::values) continue;
      ++seen;
      EXPECT_TRUE(std::ranges::all_of(storage.bytes, [](std::byte b) { return b <= std::byte{4}; }));
    }
  }
  EXPECT_GT(seen, 1500);
}

struct Share {
  const char* what;
  double smallest;  // of all inputs
  std::function<bool(const Case&, const Input&)> holds;
  int seen = 0;
};

bool is_expanded(const Case&, const Input& input) {
  for (size_t d = 0; d < input.sizes.size(); ++d)
    if (input.strides[d] == 0 && input.sizes[d] > 1) return true;
  return false;
}

TEST(Draw, UnusualInputsAreDrawnOften) {
  std::vector<Share> shares{
      {"empty", 0.01, [](const Case&, const Input& i) { return engine::element_count(i.sizes) == 0; }},
      {"0-dim", 0.02, [](const Case&, const Input& i) { return i.sizes.empty(); }},
      {"rank 5", 0.02, [](const Case&, const Input& i) { return i.sizes.size() == 5; }},
      {"long", 0.01,
       [](const Case&, const Input& i) {
         return std::ranges::any_of(i.sizes, [](int64_t size) { return size > 32; });
       }},
      {"offset", 0.05, [](const Case&, const Input& i) { return i.offset > 0; }},
      {"strided", 0.1,
       [](const Case&, const Input& i) { return !engine::is_contiguous(i.sizes, i.strides); }},
      {"overlapping", 0.01,
       [](const Case&, const Input& i) { return engine::may_overlap(i.sizes, i.strides); }},
      {"expanded", 0.01, is_expanded},
      {"complex", 0.04,
       [](const Case& c, const Input& i) { return engine::is_complex(c.storage_of(i).dtype); }},
      {"half", 0.04,
       [](const Case& c, const Input& i) {
         return engine::class_of(c.storage_of(i).dtype) == engine::DTypeClass::half;
       }},
      {"edges", 0.03, [](const Case& c, const Input& i) { return c.storage_of(i).rule == FillRule::wild; }},
      {"shared storage", 0.01, [](const Case& c, const Input& i) {
         return std::ranges::count(c.inputs, i.storage, &Input::storage) > 1;
       }}};
  std::vector<int64_t> counts;
  for (uint64_t index = 0; index < 20000; ++index) {
    const Case c = drawn(index);
    for (const Input& input : c.inputs) {
      counts.push_back(engine::element_count(input.sizes));
      for (Share& share : shares) share.seen += share.holds(c, input);
    }
  }
  const auto middle = counts.begin() + static_cast<std::ptrdiff_t>(counts.size() / 2);
  std::nth_element(counts.begin(), middle, counts.end());
  EXPECT_GE(*middle, 6);
  for (const Share& share : shares)
    EXPECT_GT(share.seen, share.smallest * static_cast<double>(counts.size())) << share.what;
}

// x.binary_(f(x)), where f is a lazy view.
bool reads_what_it_writes(const Case& c) {
  if (c.calls.size() < 2 || c.calls.back().op != "t::binary_") return false;
  const Call& before = c.calls[c.calls.size() - 2];
  const TensorRef& written = c.calls.back().arguments[0].tensor;
  const TensorRef& read = c.calls.back().arguments[1].tensor;
  return before.op == "aten::_neg_view" && before.arguments[0].tensor == written && !read.is_input();
}

TEST(Draw, CallsSometimesReadWhatTheyWrite) {
  int found = 0;
  for (uint64_t index = 0; index < 20000; ++index) found += reads_what_it_writes(drawn(index));
  EXPECT_GT(found, 3);
}

TEST(Draw, UnusualCallsAreDrawnOften) {
  int programs = 0, writes = 0, undefined = 0, absent = 0, lists = 0, mixed = 0;
  for (uint64_t index = 0; index < 20000; ++index) {
    const Case c = drawn(index);
    programs += c.calls.size() > 1;
    for (size_t i = 1; i + 1 < c.calls.size(); ++i) writes += c.calls[i].op == "aten::neg_";
    std::set<engine::DType> dtypes;
    for (const Storage& storage : c.storages) dtypes.insert(storage.dtype);
    mixed += dtypes.size() > 1;
    for (const Value& argument : c.calls.back().arguments) {
      undefined += argument.kind == ValueKind::undefined;
      absent += argument.kind == ValueKind::none;
      lists += argument.kind == ValueKind::list && !argument.list.empty() &&
               argument.list.front().kind == ValueKind::tensor;
    }
  }
  EXPECT_GT(programs, 200);  // three operators of this catalog can be earlier calls
  EXPECT_GT(writes, 3);      // one of the five operators that can be between two calls
  EXPECT_GT(undefined, 200);
  EXPECT_GT(absent, 500);
  EXPECT_GT(lists, 500);
  EXPECT_GT(mixed, 200);
}

TEST(Draw, OnlyDTypesOfTheCatalogAreDrawn) {
  const Catalog some(catalog().operators(), computed_dtypes | only(engine::DType::u64));
  for (const auto& [from, held] : {std::pair(&catalog(), computed_dtypes), {&some, some.dtypes()}}) {
    DTypeSet drawn = 0;
    const auto note = [&](const Case& c) {
      for (const Storage& storage : c.storages) drawn |= only(storage.dtype);
      for (const Value& argument : c.calls.back().arguments)
        if (argument.kind == ValueKind::dtype) drawn |= only(argument.dtype);
    };
    for (uint64_t index = 0; index < 4000; ++index) {
      PhiloxChoices choices(3, 0, index);
      note(draw(*from, choices.pick(from->operators()), domains(), choices));
    }
    EXPECT_EQ(drawn, held);
  }
}

TEST(Draw, DTypeThatTheCatalogLacksIsReplaced) {
  PhiloxChoices choices(3, 0, 0);
  for (int i = 0; i < 100; ++i)
    EXPECT_TRUE(computed_dtypes & only(draw_dtype(catalog(), choices, only(engine::DType::f8e5m2))));
}

TEST(Draw, DTypesThatFewKernelsAcceptAreRare) {
  const Catalog every(catalog().operators(), every_dtype);
  PhiloxChoices choices(3, 0, 0);
  int rare = 0;
  for (int i = 0; i < 16000; ++i) rare += !engine::is_computed(draw_dtype(every, choices));
  EXPECT_GT(rare, 800);
  EXPECT_LT(rare, 1300);
}

const std::vector<std::string> calls_of_several{"aten::unbind.int", "aten::split.Tensor", "aten::max.dim",
                                                "aten::sort", "aten::var_mean.correction"};

// The same operators, and those with several results.
const Catalog& larger_catalog() {
  static const Catalog made = [] {
    std::vector<Operator> operators = operators_of(
        {"aten::unbind.int(Tensor(a -> *) self, int dim=0) -> Tensor(a)[]",
         "aten::split.Tensor(Tensor(a -> *) self, int split_size, int dim=0) -> Tensor(a)[]",
         "aten::max.dim(Tensor self, int dim, bool keepdim=False) -> (Tensor values, Tensor indices)",
         "aten::sort(Tensor self, int dim=-1, bool descending=False) -> (Tensor values, Tensor indices)",
         "aten::var_mean.correction(Tensor self, int[1]? dim, *, int? correction, bool keepdim=False) -> "
         "(Tensor, Tensor)"});
    operators.insert(operators.end(), catalog().operators().begin(), catalog().operators().end());
    return Catalog(std::move(operators));
  }();
  return made;
}

// Cases of an operator whose domain uses the words that authors of unusual operators need.
const Domains& authors_domains() {
  static const Domains made = Domains::parse(
      "t::index : self = tensor(N, M) f32 + f64 ; let N = 2..5 ; let M = 3..6\n"
      "  ; index = tensor(K, 3) as(self) columns(0..N - 1, 2 * N, 0..M)\n"
      "  || self = tensor(N, M) between(-1.5, 0.5) ; index = tensor(K) i64 + i32 offsets(7) ; let K = 1..6\n",
      "author.domains");
  return made;
}

struct DrawnTensor {
  engine::DType dtype;
  engine::Dims sizes;
  std::vector<double> values;  // of elements with explicit values, row-major
};

DrawnTensor tensor_at(const Case& c, size_t argument) {
  const Input& input = c.input_of(c.calls.back().arguments[argument].tensor);
  const Storage& storage = c.storage_of(input);
  DrawnTensor found{storage.dtype, input.sizes, {}};
  const size_t width = engine::size_of(storage.dtype);
  if (storage.rule != FillRule::values) return found;
  engine::for_each_position(input.sizes, input.strides, input.offset, [&](int64_t position) {
    const Number number = read_number(engine::component_of(storage.dtype),
                                      storage.bytes.data() + static_cast<size_t>(position) * width);
    const double size = std::ldexp(static_cast<double>(number.significand), number.exponent);
    found.values.push_back(number.negative ? -size : size);
  });
  return found;
}

bool is_first_alternative(const Case& c) { return tensor_at(c, 1).sizes.size() == 2; }

TEST(Draw, ColumnsAndTheDtypeOfAnotherTensorAreAsTheDomainSays) {
  int seen = 0, outside = 0;
  for (uint64_t index = 0; index < 2000; ++index) {
    PhiloxChoices choices(11, 0, index);
    const Case c = draw(catalog(), *catalog().find("t::index"), authors_domains(), choices);
    if (c.calls.size() != 1 || !is_first_alternative(c)) continue;
    if (c.calls[0].arguments[0].kind != ValueKind::tensor) continue;  // undefined, on purpose
    const DrawnTensor self = tensor_at(c, 0), index_of = tensor_at(c, 1);
    if (index_of.sizes[1] != 3 || self.sizes.size() != 2) continue;  // a fault that was drawn on purpose
    if (self.dtype != index_of.dtype) continue;                      // a fault, too
    ++seen;
    const auto n = static_cast<double>(self.sizes[0]), m = static_cast<double>(self.sizes[1]);
    bool inside = true;
    for (size_t i = 0; i < index_of.values.size(); ++i) {
      const double low = i % 3 == 1 ? 2 * n : 0, high = i % 3 == 0 ? n - 1 : i % 3 == 1 ? 2 * n : m;
      inside = inside && index_of.values[i] >= low && index_of.values[i] <= high;
    }
    outside += !inside;
  }
  EXPECT_GT(seen, 500);
  EXPECT_LT(outside, seen / 10);  // sizes that were changed on purpose, after the values were drawn
}

TEST(Draw, OffsetsAscendFromZeroAndRealsStayBetweenTheirBounds) {
  int seen = 0;
  std::set<double> reals;
  for (uint64_t index = 0; index < 2000; ++index) {
    PhiloxChoices choices(12, 0, index);
    const Case c = draw(catalog(), *catalog().find("t::index"), authors_domains(), choices);
    if (c.calls.size() != 1 || is_first_alternative(c)) continue;
    const DrawnTensor self = tensor_at(c, 0), offsets = tensor_at(c, 1);
    if (offsets.sizes.size() != 1 || offsets.values.empty() || self.dtype != engine::DType::f32) continue;
    ++seen;
    EXPECT_EQ(offsets.values.front(), 0) << to_text(c);
    EXPECT_TRUE(std::ranges::is_sorted(offsets.values)) << to_text(c);
    EXPECT_LE(offsets.values.back(), 7) << to_text(c);
    for (const double value : self.values) EXPECT_TRUE(value >= -1.5 && value <= 0.5) << to_text(c);
    reals.insert(self.values.begin(), self.values.end());
  }
  EXPECT_GT(seen, 100);
  EXPECT_GT(reals.size(), 40U);
}

Case drawn_from(const Catalog& from, uint64_t index) {
  PhiloxChoices choices(9, 0, index);
  return draw(from, *from.find("t::binary"), domains(), choices);
}

TEST(Draw, CallsSometimesReadAnyResult) {
  std::map<std::string, int> read;
  for (uint64_t index = 0; index < 40000; ++index) {
    const Case c = drawn_from(larger_catalog(), index);
    ASSERT_EQ(fault_of(c), "") << to_text(c);
    ASSERT_EQ(parse_case(to_text(c), "drawn"), c) << to_text(c);
    for_each_tensor(c, [&](const TensorRef& ref) {
      if (!ref.is_input() && ref.index > 0) ++read[c.calls[static_cast<size_t>(ref.call)].op];
    });
  }
  for (const std::string& op : calls_of_several) EXPECT_GT(read[op], 0) << op;
  EXPECT_GT(read["aten::unbind.int"], 10);
}

TEST(Draw, CallsWithSeveralResultsDoNotChangeOtherCases) {
  int programs = 0, changed = 0;
  for (uint64_t index = 0; index < 20000; ++index) {
    const Case without = drawn_from(catalog(), index);
    const Case with = drawn_from(larger_catalog(), index);
    programs += without.calls.size() > 1;
    if (with == without) continue;
    ++changed;
    EXPECT_TRUE(std::ranges::any_of(with.calls, [](const Call& call) {
      return std::ranges::find(calls_of_several, call.op) != calls_of_several.end();
    })) << to_text(with);
  }
  EXPECT_GT(changed, 0);
  EXPECT_LT(changed, programs / 6);
}

}  // namespace
}  // namespace corpora
