// Proposes fewer calls, fewer layers, simpler arguments.
#include <algorithm>
#include <cmath>

#include "corpora/case/case_defaults.h"
#include "corpora/case/simpler_edit.h"
#include "corpora/case/simpler_passes.h"

namespace corpora {
namespace {

// What may replace a value, simplest first, regardless of its declared type.
std::vector<Value> simpler_values(const Value& value);

std::vector<Value> simpler_integers(int64_t value) {
  std::vector<Value> list{Value::of_integer(0), Value::of_integer(1)};
  if (value < 0) list.push_back(Value::of_integer(value == INT64_MIN ? INT64_MAX : -value));
  if (value > 3 || value < -3) list.push_back(Value::of_integer(value / 2));
  if (value > 2 && value <= 8) list.push_back(Value::of_integer(value - 1));
  return list;
}

std::vector<Value> simpler_reals(double value) {
  std::vector<Value> list{Value::of_real(0), Value::of_real(1)};
  if (std::isfinite(value)) list.push_back(Value::of_real(std::trunc(value)));
  if (value < 0) list.push_back(Value::of_real(-value));
  return list;
}

Value slice(const Value& list, size_t from, size_t to) {
  const auto begin = list.list.begin();
  return Value::of_list({begin + static_cast<std::ptrdiff_t>(from), begin + static_cast<std::ptrdiff_t>(to)});
}

std::vector<Value> simpler_lists(const Value& value) {
  constexpr size_t few = 6;
  const size_t n = value.list.size();
  if (n == 0) return {};
  std::vector<Value> list{slice(value, 0, (n + 1) / 2), slice(value, n / 2, n), slice(value, 0, 0)};
  for (size_t i = 0; n > 2 && n <= few && i < n; ++i) {
    list.push_back(value);
    list.back().list.erase(list.back().list.begin() + static_cast<std::ptrdiff_t>(i));
  }
  for (int64_t simple : {0, 1}) {
    Value same = value;
    for (Value& element : same.list)
      if (element.kind == ValueKind::integer) element = Value::of_integer(simple);
    list.push_back(std::move(same));
  }
  for (size_t i = 0; n <= few && i < n; ++i)
    for (Value& element : simpler_values(value.list[i])) {
      list.push_back(value);
      list.back().list[i] = std::move(element);
    }
  return list;
}

std::vector<Value> simpler_values(const Value& value) {
  switch (value.kind) {
    case ValueKind::integer:
      return simpler_integers(value.integer);
    case ValueKind::real:
      return simpler_reals(value.real);
    case ValueKind::boolean:
      return {Value::of_boolean(false)};
    case ValueKind::complex:
      return {Value::of_real(1), Value::of_real(value.real), Value::of_complex(0, 1),
              Value::of_complex(value.real, 0), Value::of_complex(0, value.imaginary)};
    case ValueKind::string:
      return {Value::of_string("")};
    case ValueKind::dtype:
      return {Value::of_dtype(engine::DType::f32), Value::of_dtype(engine::DType::i64)};
    case ValueKind::list:
      return simpler_lists(value);
    default:
      return {};
  }
}

// Changes all arguments for which `choose` returns a value, at once.
template <class Choose>
void propose_at_once(Candidates& candidates, const Catalog& catalog, Choose&& choose) {
  candidates.with([&](Case& c) {
    bool changed = false;
    for (Call& call : c.calls) {
      const Operator* op = catalog.find(call.op);
      if (op == nullptr || op->schema.arguments.size() != call.arguments.size()) continue;
      for (size_t i = 0; i < call.arguments.size(); ++i) {
        const engine::Argument& declared = op->schema.arguments[i];
        std::optional<Value> value = choose(declared, call.arguments[i]);
        if (!value || *value == call.arguments[i]) continue;
        call.arguments[i] = std::move(*value);
        changed = true;
      }
    }
    return changed;
  });
}

void propose_for(Candidates& candidates, size_t call, size_t argument, const engine::Argument* declared) {
  const Value& value = candidates.base().calls[call].arguments[argument];
  const auto propose = [&](const Value& simple) {
    if (simple == value) return;
    candidates.with([&](Case& c) { c.calls[call].arguments[argument] = simple; });
  };
  if (declared != nullptr) {
    if (const std::optional<Value> preset = default_of(*declared)) propose(*preset);
    if (is_optional(declared->type)) propose(Value::of_none());
  }
  const size_t shortest = std::min(declared ? min_elements(declared->type) : 0, value.list.size());
  for (const Value& simple : simpler_values(value))
    if (simple.list.size() >= shortest) propose(simple);
}

}  // namespace

void propose_calls(Candidates& candidates, const Catalog&) {
  const size_t n = candidates.base().calls.size();
  constexpr size_t few = 8;
  for (size_t k = 0; n > 1 && k < std::min(n, few); ++k)  // the k-th last call alone
    candidates.with([&](Case& c) {
      const size_t kept = n - 1 - k;
      c.calls.resize(kept + 1);
      for (size_t r = kept; r-- > 0;) edit::drop_call(c, r);
    });
  for (size_t length = n / 2; length > 0 && length < n; length += (n - length + 1) / 2)  // prefixes
    candidates.with([&](Case& c) { c.calls.resize(length); });
  for (size_t k = 0; n > 2 && k < std::min(n, few); ++k)
    candidates.with([&](Case& c) { edit::drop_call(c, k); });
  candidates.with([&](Case& c) {  // no references to results
    bool changed = false;
    for_each_tensor(c, [&](TensorRef& ref) {
      if (ref.is_input()) return;
      ref = edit::substitute_for(c, ref);
      changed = true;
    });
    return changed;
  });
}

void propose_layers(Candidates& candidates, const Catalog&) {
  const size_t n = candidates.base().header.path.size();
  for (size_t k = 0; n > 1 && k < n; ++k)
    candidates.with(
        [&](Case& c) { c.header.path.erase(c.header.path.begin() + static_cast<std::ptrdiff_t>(k)); });
}

void propose_arguments(Candidates& candidates, const Catalog& catalog) {
  propose_at_once(candidates, catalog,
                  [](const engine::Argument& declared, const Value&) { return default_of(declared); });
  propose_at_once(candidates, catalog,
                  [](const engine::Argument& declared, const Value&) -> std::optional<Value> {
                    if (engine::holds_tensor(declared.type)) return std::nullopt;
                    return default_of(declared);
                  });
  propose_at_once(candidates, catalog,
                  [](const engine::Argument& declared, const Value&) -> std::optional<Value> {
                    if (!is_optional(declared.type)) return std::nullopt;
                    return Value::of_none();
                  });
}

void propose_each_argument(Candidates& candidates, const Catalog& catalog) {
  const Case& base = candidates.base();
  for (size_t r = base.calls.size(); r-- > 0;) {
    const Operator* op = catalog.find(base.calls[r].op);
    for (size_t i = 0; i < base.calls[r].arguments.size(); ++i) {
      const bool declared = op != nullptr && i < op->schema.arguments.size();
      propose_for(candidates, r, i, declared ? &op->schema.arguments[i] : nullptr);
    }
  }
}

}  // namespace corpora
