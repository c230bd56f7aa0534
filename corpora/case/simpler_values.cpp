// Plainer dtypes, fill rules and values.
#include <algorithm>

#include "corpora/case/image_bits.h"
#include "corpora/case/simpler_edit.h"
#include "corpora/case/simpler_passes.h"

namespace corpora {
namespace {

using engine::DType;

constexpr int64_t few_elements = 64;  // beyond that a rule reads better than values

DType towards_f32(DType) { return DType::f32; }

// The plainest dtype of the same class.
DType within_class(DType dtype) {
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

// Storages of one dtype, and the arguments that name it.
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
    return true;
  });
}

// Numbers as a shrinking step wants them.
constexpr Number zero{};
constexpr Number one{.significand = 1};

bool is_one(const Number& number) {
  if (number.kind != Number::Kind::finite || number.negative || number.significand == 0) return false;
  return number.exponent <= 0 && -number.exponent < 64 &&
         number.significand == uint64_t{1} << -number.exponent;
}

// The components of one storage that are not yet what they should become.
class Components {
 public:
  Components(const Case& c, size_t storage) : storage_(storage), dtype_(component(c)) {
    const Storage& from = c.storages[storage];
    for (size_t at = 0; at < from.bytes.size(); at += engine::size_of(dtype_)) {
      const Number number = read_number(dtype_, from.bytes.data() + at);
      if (number.is_zero() && !number.negative) continue;
      not_zero_.push_back(at);
      if (!is_one(number)) not_one_.push_back(at);
    }
  }
  const std::vector<size_t>& not_zero() const { return not_zero_; }
  const std::vector<size_t>& not_one() const { return not_one_; }

  // [from, to) of the list become `number`.
  void propose(Candidates& candidates, const std::vector<size_t>& list, size_t from, size_t to,
               const Number& number) {
    candidates.with([&](Case& c) {
      for (size_t i = from; i < to; ++i)
        write_number(dtype_, number, c.storages[storage_].bytes.data() + list[i]);
      return true;
    });
  }
  // Halves, then quarters, and so on; single ones only where few are left.
  void propose_parts(Candidates& candidates, const std::vector<size_t>& list, const Number& number) {
    constexpr size_t parts_max = 16;
    const size_t n = list.size();
    for (size_t parts = 1; parts <= std::min(std::bit_ceil(n), parts_max) && n > 0; parts *= 2)
      for (size_t part = 0; part < parts; ++part)
        if (n * part / parts < n * (part + 1) / parts)
          propose(candidates, list, n * part / parts, n * (part + 1) / parts, number);
  }
  // Fractions cut off, edges replaced by 1.
  void propose_whole(Candidates& candidates) {
    candidates.with([&](Case& c) {
      for (size_t at : not_one_) {
        std::byte* to = c.storages[storage_].bytes.data() + at;
        const Number number = read_number(dtype_, to);
        std::byte whole[sizeof(int64_t)];
        const bool finite = number.kind == Number::Kind::finite;
        if (finite) write_number(DType::i16, number, whole);
        write_number(dtype_, finite ? read_number(DType::i16, whole) : one, to);
      }
      return !not_one_.empty();
    });
  }

 private:
  DType component(const Case& c) const { return engine::component_of(c.storages[storage_].dtype); }
  size_t storage_;
  DType dtype_;
  std::vector<size_t> not_zero_, not_one_;
};

}  // namespace

void propose_dtypes(Candidates& candidates, const Catalog&) {
  propose_all_dtypes(candidates, towards_f32);
  propose_all_dtypes(candidates, within_class);
  for (DType dtype : engine::all_dtypes) {
    const bool present = std::any_of(candidates.base().storages.begin(), candidates.base().storages.end(),
                                     [&](const Storage& storage) { return storage.dtype == dtype; });
    if (!present || dtype == DType::f32) continue;
    for (DType to : {DType::f32, within_class(dtype), DType::i64})
      if (to != dtype)
        candidates.with([&](Case& c) {
          change_dtype(c, dtype, to);
          return true;
        });
  }
  const size_t n = candidates.base().storages.size();
  for (size_t s = 0; n > 1 && s < n; ++s)
    for (DType to : {DType::f32, within_class(candidates.base().storages[s].dtype), DType::i64})
      candidates.with([&](Case& c) {
        edit::set_dtype(c.storages[s], to);
        return true;
      });
}

void propose_fills(Candidates& candidates, const Catalog&) {
  constexpr FillRule plain[] = {FillRule::ones, FillRule::zeros, FillRule::iota, FillRule::integers,
                                FillRule::dyadic};
  const std::vector<Storage>& storages = candidates.base().storages;
  for (FillRule rule : plain)
    candidates.with([&](Case& c) {
      for (Storage& storage : c.storages) edit::set_rule(storage, rule);
      return true;
    });
  for (size_t s = 0; storages.size() > 1 && s < storages.size(); ++s)
    for (FillRule rule : plain)
      candidates.with([&](Case& c) {
        edit::set_rule(c.storages[s], rule);
        return true;
      });
  candidates.with([](Case& c) {
    for (Storage& storage : c.storages)
      if (storage.rule > FillRule::iota && storage.elements <= few_elements)
        edit::set_rule(storage, FillRule::values);
    return true;
  });
  candidates.with([](Case& c) {
    for (Storage& storage : c.storages) storage.rng_seed = 0;
    return true;
  });
}

void propose_values(Candidates& candidates, const Catalog&) {
  for (size_t s = 0; s < candidates.base().storages.size(); ++s) {
    if (candidates.base().storages[s].rule != FillRule::values) continue;
    Components components(candidates.base(), s);
    components.propose_whole(candidates);
    components.propose_parts(candidates, components.not_zero(), zero);
    components.propose_parts(candidates, components.not_one(), one);
  }
}

}  // namespace corpora
