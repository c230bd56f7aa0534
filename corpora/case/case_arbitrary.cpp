#include "corpora/case/case_arbitrary.h"

#include <array>
#include <bit>

#include "engine/core/check.h"

namespace corpora {
namespace {

using engine::DType;

class Arbitrary {
 public:
  Arbitrary(const Catalog& catalog, ChoiceSource& choices) : catalog_(catalog), choices_(choices) {}

  Case draw() {
    const uint64_t storages = choices_.below(4);
    for (uint64_t s = 0; s < storages; ++s) case_.storages.push_back(storage());
    const uint64_t inputs = storages == 0 ? 0 : choices_.below(5);
    for (uint64_t t = 0; t < inputs; ++t) case_.inputs.push_back(input());
    const uint64_t calls = 1 + choices_.below(3);
    for (uint64_t r = 0; r < calls; ++r) case_.calls.push_back(call());
    header();
    return std::move(case_);
  }

 private:
  int32_t index_below(size_t n) { return static_cast<int32_t>(choices_.below(n)); }
  uint64_t bits64() {
    const uint64_t high = choices_.below(uint64_t{1} << 32);
    return high << 32 | choices_.below(uint64_t{1} << 32);
  }

  Storage storage() {
    Storage storage;
    storage.dtype = choices_.pick(engine::all_dtypes);
    storage.elements = choices_.between(0, 24);
    storage.rule = static_cast<FillRule>(choices_.below(fill_rule_count));
    if (choices_.chance(1, 2)) storage.rng_seed = bits64();
    if (storage.rule != FillRule::values) return storage;
    const uint64_t limit = storage.dtype == DType::b8 ? 2 : 256;
    const size_t bytes = static_cast<size_t>(storage.elements) * engine::size_of(storage.dtype);
    const bool extreme = choices_.chance(1, 3);  // all bits set or clear: infinities, NaNs, -0
    for (size_t i = 0; i < bytes; ++i)
      storage.bytes.push_back(
          static_cast<std::byte>(extreme ? choices_.below(2) * (limit - 1) : choices_.below(limit)));
    return storage;
  }

  // Sizes and strides are any that fit the storage, also with expansion and overlap.
  Input input() {
    Input input;
    input.storage = index_below(case_.storages.size());
    const int64_t elements = case_.storage_of(input).elements;
    if (elements == 0) {
      input.sizes = {0};
      input.strides = {choices_.between(0, 3)};
      return input;
    }
    input.offset = choices_.chance(1, 2) ? 0 : choices_.between(0, elements - 1);
    int64_t room = elements - 1 - input.offset;
    for (uint64_t rank = choices_.below(5); rank > 0; --rank) {
      const int64_t stride = choices_.between(0, 6);
      const int64_t most = stride == 0 ? 4 : std::min<int64_t>(room / stride + 1, 6);
      const int64_t size = choices_.between(choices_.chance(1, 12) ? 0 : 1, most);
      room -= size == 0 ? 0 : stride * (size - 1);
      input.sizes.push_back(size);
      input.strides.push_back(stride);
    }
    if (choices_.chance(1, 2) && engine::element_count(input.sizes) <= elements) {
      input.offset = 0;
      input.strides = engine::contiguous_strides(input.sizes);
    }
    return input;
  }

  Call call() {
    const Operator& op = choices_.pick(catalog_.operators());
    Call call{op.name, {}, {}};
    const bool named = choices_.chance(3, 4);
    for (const engine::Argument& argument : op.schema.arguments) {
      if (named) call.names.push_back(argument.name);
      call.arguments.push_back(value(0));
    }
    return call;
  }

  double real() {
    constexpr std::array<double, 5> plain{0.0, -0.0, 1.0, 2.5, -3.0};
    if (choices_.chance(1, 2)) return choices_.pick(plain);
    return std::bit_cast<double>(bits64());
  }

  Value tensor() {
    const size_t calls = case_.calls.size();
    if (calls > 0 && (case_.inputs.empty() || choices_.chance(1, 3))) {
      const int32_t call = index_below(calls);
      return Value::of_result(call, index_below(3));
    }
    return case_.inputs.empty() ? Value::of_undefined() : Value::of_input(index_below(case_.inputs.size()));
  }

  std::string text() {
    std::string text;
    for (uint64_t n = choices_.below(6); n > 0; --n) text.push_back(static_cast<char>(choices_.below(256)));
    return text;
  }

  Value list(size_t depth) {
    std::vector<Value> elements;
    for (uint64_t n = choices_.below(4); n > 0; --n) elements.push_back(value(depth + 1));
    return Value::of_list(std::move(elements));
  }

  Value value(size_t depth) {
    switch (choices_.below(depth < 3 ? 16 : 12)) {
      case 0:
        return Value::of_none();
      case 1:
        return Value::of_undefined();
      case 2:
        return Value::of_integer(choices_.between(-9, 9));
      case 3:
        return Value::of_integer(static_cast<int64_t>(bits64()));
      case 4:
        return Value::of_real(real());
      case 5: {
        const double re = real();
        return Value::of_complex(re, real());
      }
      case 6:
        return Value::of_boolean(choices_.chance(1, 2));
      case 7:
        return Value::of_string(text());
      case 8:
        return Value::of_dtype(choices_.pick(engine::all_dtypes));
      case 9:
        return word();
      case 14:
      case 15:
        return list(depth);
      default:
        return tensor();
    }
  }

  Value word() {
    const uint64_t kind = choices_.below(3);
    if (kind == 0) return Value::of_word(ValueKind::device, choices_.chance(1, 2) ? "cpu" : "cuda:1");
    if (kind == 1) return Value::of_word(ValueKind::layout, "strided");
    return Value::of_word(ValueKind::memory_format, choices_.chance(1, 2) ? "preserve" : "contiguous");
  }

  void header() {
    Header& header = case_.header;
    if (choices_.chance(1, 2)) header.subject = "torch";
    if (choices_.chance(1, 2)) header.oracle = "zero";
    for (uint64_t n = choices_.below(3); n > 0; --n) {
      const LayerRow& row = choices_.pick(all_layers());
      if (row.names_a_storage() && case_.storages.empty()) continue;
      header.path.push_back(
          {row.kind, row.has_number() ? index_below(std::max<size_t>(case_.storages.size(), 1)) : -1});
    }
    constexpr std::array<std::string_view, 4> libraries{"libmine.so", "/opt/a b/lib\"x\".so", "./x#y.so",
                                                        "-l"};
    for (uint64_t n = choices_.below(3); n > 0; --n) header.load.emplace_back(choices_.pick(libraries));
    if (choices_.chance(1, 4)) header.tolerances.emplace_back(choices_.pick(libraries));
    if (choices_.chance(1, 4)) header.plant = "zero_value";
    header.expect = static_cast<Expect>(choices_.below(3));
    if (header.expect == Expect::differ) header.expect_kind = "nan_pattern";
  }

  const Catalog& catalog_;
  ChoiceSource& choices_;
  Case case_;
};

}  // namespace

Case arbitrary_case(const Catalog& catalog, ChoiceSource& choices) {
  Case c = Arbitrary(catalog, choices).draw();
  const std::string fault = fault_of(c);
  CHECK(fault.empty(), fault);
  return c;
}

}  // namespace corpora
