// Proposes simpler dtypes, fill rules and values.
#include <algorithm>

#include "corpora/case/image_bits.h"
#include "corpora/case/simpler_edit.h"
#include "corpora/case/simpler_passes.h"

namespace corpora {
namespace {

using engine::DType;

constexpr int64_t few_elements = 64;  // a rule is easier to read than more values than these

// The simplest dtype of the same class.
DType simplest_of_class(DType dtype) {
  switch (engine::class_of(dtype)) {
    case engine::DTypeClass::integer:
      return DType::i64;
    case engine::DTypeClass::boolean:
      return DType::b8;
    case engine::DTypeClass::complex:
      return DType::c64;
    default:
      return DType::f32;
  }
}

void change_dtypes(Value& value, DType from, DType to) {
  if (value.kind == ValueKind::dtype && value.dtype == from) value.dtype = to;
  for (Value& element : value.list) change_dtypes(element, from, to);
}

// Changes the storages of one dtype, and the arguments that name it.
void change_dtype(Case& c, DType from, DType to) {
  for (Storage& storage : c.storages)
    if (storage.dtype == from) edit::set_dtype(storage, to);
  for (Call& call : c.calls)
    for (Value& argument : call.arguments) change_dtypes(argument, from, to);
}

template <class Target>
void propose_all_dtypes(Candidates& candidates, Target&& target) {
  candidates.with([&](Case& c) {
    for (DType dtype : engine::all_dtypes)
      if (target(dtype) != dtype) change_dtype(c, dtype, target(dtype));
  });
}

constexpr Number zero{};
constexpr Number one{.significand = 1};

bool is_one(const Number& number) {
  if (number.kind != Number::Kind::finite || number.negative || number.significand == 0) return false;
  return number.exponent <= 0 && -number.exponent < 64 &&
         number.significand == uint64_t{1} << -number.exponent;
}

// The components of one storage that are not 0, or not 1, as offsets in its bytes.
class Components {
 public:
  Components(const Case& c, size_t storage)
      : storage_(storage), dtype_(engine::component_of(c.storages[storage].dtype)) {
    const Storage& from = c.storages[storage];
    for (size_t at = 0; at < from.bytes.size(); at += engine::size_of(dtype_)) {
      const Number number = read_number(dtype_, from.bytes.data() + at);
      if (number.is_zero() && !number.negative) continue;
      not_zero_.push_back(at);
      if (!is_one(number)) not_one_.push_back(at);
    }
  }

  void propose_zeros(Candidates& candidates) { propose_parts(candidates, not_zero_, zero); }
  void propose_ones(Candidates& candidates) { propose_parts(candidates, not_one_, one); }
  // Truncates fractions and replaces numbers that are not finite by 1.
  void propose_whole(Candidates& candidates) {
    candidates.with([&](Case& c) {
      for (size_t at : not_one_) {
        std::byte* to = c.storages[storage_].bytes.data() + at;
        const Number number = read_number(dtype_, to);
        std::byte whole[sizeof(int16_t)];
        const bool finite = number.kind == Number::Kind::finite;
        if (finite) write_number(DType::i16, number, whole);
        write_number(dtype_, finite ? read_number(DType::i16, whole) : one, to);
      }
      return !not_one_.empty();
    });
  }

 private:
  // All, then halves, then quarters, and so on; each alone only if there are few.
  void propose_parts(Candidates& candidates, const std::vector<size_t>& list, const Number& number) {
    constexpr size_t parts_max = 16;
    const size_t n = list.size();
    for (size_t parts = 1; parts <= std::min(std::bit_ceil(n), parts_max) && n > 0; parts *= 2)
      for (size_t part = 0; part < parts; ++part) {
        const size_t from = n * part / parts, to = n * (part + 1) / parts;
        if (from == to) continue;
        candidates.with([&](Case& c) {
          for (size_t i = from; i < to; ++i)
            write_number(dtype_, number, c.storages[storage_].bytes.data() + list[i]);
        });
      }
  }

  size_t storage_;
  DType dtype_;
  std::vector<size_t> not_zero_, not_one_;
};

}  // namespace

void propose_dtypes(Candidates& candidates, const Catalog&) {
  const std::vector<Storage>& storages = candidates.base().storages;
  propose_all_dtypes(candidates, [](DType) { return DType::f32; });
  propose_all_dtypes(candidates, simplest_of_class);
  for (DType dtype : engine::all_dtypes) {
    const bool present = std::ranges::find(storages, dtype, &Storage::dtype) != storages.end();
    if (!present || dtype == DType::f32) continue;
    for (DType to : {DType::f32, simplest_of_class(dtype), DType::i64})
      if (to != dtype) candidates.with([&](Case& c) { change_dtype(c, dtype, to); });
  }
  for (size_t s = 0; storages.size() > 1 && s < storages.size(); ++s)
    for (DType to : {DType::f32, simplest_of_class(storages[s].dtype), DType::i64})
      candidates.with([&](Case& c) { edit::set_dtype(c.storages[s], to); });
}

void propose_fills(Candidates& candidates, const Catalog&) {
  constexpr FillRule simple[] = {FillRule::ones, FillRule::zeros, FillRule::iota, FillRule::integers,
                                 FillRule::dyadic};
  const std::vector<Storage>& storages = candidates.base().storages;
  for (FillRule rule : simple)
    candidates.with([&](Case& c) {
      for (Storage& storage : c.storages) edit::set_rule(storage, rule);
    });
  for (size_t s = 0; storages.size() > 1 && s < storages.size(); ++s)
    for (FillRule rule : simple) candidates.with([&](Case& c) { edit::set_rule(c.storages[s], rule); });
  candidates.with([](Case& c) {
    for (Storage& storage : c.storages)
      if (is_random(storage.rule) && storage.elements <= few_elements)
        edit::set_rule(storage, FillRule::values);
  });
  candidates.with([](Case& c) {
    for (Storage& storage : c.storages) storage.rng_seed = 0;
  });
}

void propose_values(Candidates& candidates, const Catalog&) {
  for (size_t s = 0; s < candidates.base().storages.size(); ++s) {
    if (candidates.base().storages[s].rule != FillRule::values) continue;
    Components components(candidates.base(), s);
    components.propose_whole(candidates);
    components.propose_zeros(candidates);
    components.propose_ones(candidates);
  }
}

}  // namespace corpora
