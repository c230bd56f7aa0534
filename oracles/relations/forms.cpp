#include "oracles/relations/forms.h"

#include <algorithm>
#include <array>
#include <functional>

#include "oracles/trial/effects.h"

namespace oracles {

namespace {

using corpora::Operator;
using engine::Argument;

constexpr std::array out_states{OutState::exact,  OutState::strided,    OutState::transposed,
                                OutState::empty,  OutState::wider,      OutState::narrower,
                                OutState::shared, OutState::overlapping};
// Properties of a result. An out= form takes them from its out.
constexpr std::array<std::string_view, 4> options{"dtype", "layout", "device", "pin_memory"};

bool is_option(const Argument& argument) { return std::ranges::count(options, argument.name) > 0; }

bool has_all_options(const engine::Schema& schema) {
  return std::ranges::count_if(schema.arguments, is_option) == static_cast<std::ptrdiff_t>(options.size());
}

bool holds_tensor(const Argument& argument) { return engine::holds_tensor(argument.type); }

bool is_functional(const engine::Schema& schema) {
  return !schema.returns.empty() && std::ranges::none_of(schema.arguments, declares_write) &&
         std::ranges::all_of(schema.returns, holds_tensor);
}

// Whether the form takes the arguments of the functional operator, in addition to its outs.
bool takes_the_same(const engine::Schema& functional, const engine::Schema& form) {
  const bool drops_options = has_all_options(functional) && !has_all_options(form);
  auto at = form.arguments.begin();
  for (const Argument& argument : functional.arguments) {
    if (drops_options && is_option(argument)) continue;
    while (at != form.arguments.end() && at->is_out()) ++at;
    if (at == form.arguments.end() || at->type != argument.type || at->name != argument.name) return false;
    ++at;
  }
  return std::all_of(at, form.arguments.end(), std::mem_fn(&Argument::is_out));
}

bool is_in_place_of(const engine::Schema& functional, const engine::Schema& form) {
  if (functional.returns.size() != 1 || form.arguments.size() != functional.arguments.size()) return false;
  if (form.arguments.empty() || functional.returns[0].type.kind != engine::TypeKind::tensor) return false;
  for (size_t i = 0; i < form.arguments.size(); ++i)
    if (form.arguments[i].type != functional.arguments[i].type ||
        declares_write(form.arguments[i]) != (i == 0))
      return false;
  return form.arguments[0].type.kind == engine::TypeKind::tensor;
}

bool is_out_of(const engine::Schema& functional, const engine::Schema& form) {
  const auto outs = std::ranges::count_if(form.arguments, &Argument::is_out);
  const auto written = std::ranges::count_if(form.arguments, declares_write);
  if (outs != static_cast<std::ptrdiff_t>(functional.returns.size()) || written != outs) return false;
  size_t r = 0;
  for (const Argument& argument : form.arguments)
    if (argument.is_out() && argument.type != functional.returns[r++].type) return false;
  return takes_the_same(functional, form);
}

// Not optional, and not in a list.
bool takes_a_tensor(const engine::Schema& functional) {
  return std::ranges::any_of(functional.arguments,
                             [](const Argument& a) { return a.type.kind == engine::TypeKind::tensor; });
}

// Factories, and operators that take a dtype: they compute in the dtype of out instead of casting to it.
bool takes_its_dtype_from_out(const engine::Schema& functional) {
  return std::ranges::none_of(functional.arguments, holds_tensor) ||
         std::ranges::count(functional.arguments, "dtype", &Argument::name) > 0;
}

}  // namespace

bool reads_what_it_writes(OutState state) {
  return state == OutState::shared || state == OutState::overlapping;
}

std::vector<Form> other_forms(const corpora::Catalog& catalog, const Operator& functional) {
  std::vector<Form> forms;
  if (!is_functional(functional.schema)) return forms;
  const std::string& base = functional.schema.name;
  const auto& all = catalog.operators();
  for (auto at = std::ranges::lower_bound(all, base, {}, &Operator::name);
       at != all.end() && at->name.starts_with(base); ++at) {
    if (at->schema.name == base + "_") {
      const bool same_overload = at->schema.overload == functional.schema.overload;
      if (same_overload && is_in_place_of(functional.schema, at->schema))
        forms.push_back({&*at, OutState::none});
    } else if (at->schema.name == base && is_out_of(functional.schema, at->schema)) {
      for (OutState state : out_states) {
        const bool casts = state == OutState::wider || state == OutState::narrower;
        if (casts && takes_its_dtype_from_out(functional.schema)) continue;
        if (!reads_what_it_writes(state) || takes_a_tensor(functional.schema)) forms.push_back({&*at, state});
      }
    }
  }
  return forms;
}

}  // namespace oracles
