// Measures how large a case is.
#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include "corpora/case/case_defaults.h"
#include "corpora/case/image_bits.h"
#include "corpora/case/simpler.h"
#include "corpora/case/simpler_edit.h"
#include "corpora/case/simpler_passes.h"

namespace corpora {
namespace {

using engine::DType;

uint64_t weight_of(DType dtype) {
  constexpr std::array simplest_first{DType::f32, DType::f64, DType::i64,  DType::c64,
                                      DType::i32, DType::f16, DType::bf16, DType::b8,
                                      DType::u8,  DType::i16, DType::i8,   DType::c128};
  const auto* const at = std::ranges::find(simplest_first, dtype);
  const auto place = static_cast<uint64_t>(at - simplest_first.begin());
  return at != simplest_first.end() ? place : place + static_cast<uint64_t>(dtype);
}

uint64_t weight_of(FillRule rule) {  // values zeros ones iota integers dyadic normal positive unit wild
  constexpr std::array<uint64_t, fill_rule_count> weights{3, 0, 1, 2, 4, 5, 8, 7, 6, 9};
  return weights[static_cast<size_t>(rule)];
}

uint64_t weight_of_integer(int64_t value) {
  if (value == 0 || value == 1) return 2 + static_cast<uint64_t>(value);
  const uint64_t magnitude = value < 0 ? ~static_cast<uint64_t>(value) + 1 : static_cast<uint64_t>(value);
  return 4 + 2 * std::min<uint64_t>(magnitude, 10000) + static_cast<uint64_t>(std::bit_width(magnitude)) +
         (value < 0 ? 1 : 0);
}

uint64_t weight_of_real(double value) {
  constexpr uint64_t not_simple = 30000;
  if (std::isnan(value)) return not_simple + 5;
  if (std::isinf(value)) return not_simple + 3 + (value < 0 ? 1 : 0);
  if (value == 0) return std::signbit(value) ? not_simple : 2;
  if (value == std::trunc(value) && std::fabs(value) <= 10000)
    return weight_of_integer(static_cast<int64_t>(value));
  return not_simple + 1 + (value < 0 ? 1 : 0);
}

uint64_t weight_of(const Value& value) {
  switch (value.kind) {
    case ValueKind::none:
      return 1;
    case ValueKind::undefined:
      return 2;
    case ValueKind::tensor:
      return 5;
    case ValueKind::integer:
      return weight_of_integer(value.integer);
    case ValueKind::boolean:
      return 2 + static_cast<uint64_t>(value.integer);
    case ValueKind::real:
      return weight_of_real(value.real);
    case ValueKind::complex:
      return 50000 + weight_of_real(value.real) + weight_of_real(value.imaginary);
    case ValueKind::string:
      return 2 + value.text.size();
    case ValueKind::dtype:
      return 2 + weight_of(value.dtype);
    case ValueKind::device:
    case ValueKind::layout:
    case ValueKind::memory_format:
      return value.text == "cpu" || value.text == "strided" || value.text == "contiguous" ? 2 : 3;
    case ValueKind::list: {
      uint64_t sum = 6;
      for (const Value& element : value.list) sum += 1 + weight_of(element);
      return sum;
    }
  }
  return 0;
}

// 0 for the default: an argument that can be omitted is the simplest.
uint64_t weight_of(const Value& value, const engine::Argument* argument) {
  if (argument != nullptr && argument->default_value &&
      value == value_of(*argument->default_value, argument->type))
    return 0;
  return weight_of(value);
}

uint64_t weight_of_component(DType component, const std::byte* from) {
  const Number number = read_number(component, from);
  if (number.kind == Number::Kind::infinite) return 6;
  if (number.kind == Number::Kind::nan) {
    std::array<std::byte, 16> plain{};
    write_number(component, {.kind = Number::Kind::nan}, plain.data());
    return std::equal(from, from + engine::size_of(component), plain.begin()) ? 7 : 8;
  }
  if (number.significand == 0) return number.negative ? 4 : 0;
  const int zeros = std::countr_zero(number.significand);
  const int power = number.exponent + zeros;  // value = odd * 2^power
  if (power < 0) return 5;
  const uint64_t odd = number.significand >> zeros;
  if (power > 4 || odd << power > 16) return 3;
  return odd << power == 1 && !number.negative ? 1 : 2;
}

uint64_t weight_of_values(const Storage& storage) {
  const DType component = engine::component_of(storage.dtype);
  uint64_t sum = 0;
  for (size_t at = 0; at < storage.bytes.size(); at += engine::size_of(component))
    sum += weight_of_component(component, storage.bytes.data() + at);
  return sum;
}

void measure_inputs(const Case& c, Measure& measure) {
  std::vector<bool> viewed(c.storages.size(), false);
  for (const Input& input : c.inputs) {
    auto seen = viewed[static_cast<size_t>(input.storage)];
    if (seen) ++measure.sharing;
    seen = true;
    if (engine::may_overlap(input.sizes, input.strides)) ++measure.overlaps;
    if (!engine::is_contiguous(input.sizes, input.strides)) ++measure.strided;
    if (input.offset != 0) ++measure.offsets;
    measure.rank += input.sizes.size();
    measure.elements += static_cast<uint64_t>(engine::element_count(input.sizes));
  }
}

void measure_call(const Call& call, const Catalog& catalog, Measure& measure) {
  const Operator* op = catalog.find(call.op);
  for (size_t i = 0; i < call.arguments.size(); ++i) {
    const bool declared = op != nullptr && i < op->schema.arguments.size();
    measure.arguments += weight_of(call.arguments[i], declared ? &op->schema.arguments[i] : nullptr);
  }
  for_each_tensor(call, [&](const TensorRef& ref) { measure.results += !ref.is_input(); });
}

}  // namespace

Measure measure_of(const Case& c, const Catalog& catalog) {
  Measure measure;
  measure_program(c.program, measure);
  measure.calls = c.calls.size();
  measure.layers = c.header.path.size();
  measure.inputs = c.inputs.size();
  measure.storages = c.storages.size();
  measure_inputs(c, measure);
  for (const Storage& storage : c.storages) {
    measure.storage_elements += static_cast<uint64_t>(storage.elements);
    measure.dtypes += weight_of(storage.dtype);
    measure.rules += weight_of(storage.rule);
    measure.values += weight_of_values(storage);
    measure.seeds += storage.rng_seed != 0 ? 1 : 0;
  }
  for (const Call& call : c.calls) measure_call(call, catalog, measure);
  return measure;
}

}  // namespace corpora
