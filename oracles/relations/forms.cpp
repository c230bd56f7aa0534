#include "oracles/relations/forms.h"

#include <algorithm>
#include <array>

#include "oracles/trial/effects.h"

namespace oracles {

namespace {

using corpora::Operator;
using engine::Argument;

constexpr std::array out_states{OutState::exact,  OutState::strided,    OutState::transposed,
                                OutState::empty,  OutState::wider,      OutState::narrower,
                                OutState::shared, OutState::overlapping};
// How a tensor is made: an out= form takes all of it from out.
constexpr std::array<std::string_view, 4> options{"dtype", "layout", "device", "pin_memory"};

std::string_view base_of(const Operator& op) { return op.schema.name; }

bool is_option(const Argument& argument) {
  return std::find(options.begin(), options.end(), argument.name) != options.end();
}

bool has_all_options(const engine::Schema& schema) {
  return std::count_if(schema.arguments.begin(), schema.arguments.end(), is_option) ==
         static_cast<std::ptrdiff_t>(options.size());
}

bool is_functional(const engine::Schema& schema) {
  const auto tensorial = [](const Argument& r) { return engine::holds_tensor(r.type); };
  return !schema.returns.empty() &&
         std::none_of(schema.arguments.begin(), schema.arguments.end(), declares_write) &&
         std::all_of(schema.returns.begin(), schema.returns.end(), tensorial);
}

// The functional arguments that an out= form has, too, next to those of the form but its outs.
bool takes_the_same(const engine::Schema& functional, const engine::Schema& form) {
  const bool drops_options = has_all_options(functional) && !has_all_options(form);
  auto at = form.arguments.begin();
  for (const Argument& argument : functional.arguments) {
    if (drops_options && is_option(argument)) continue;
    while (at != form.arguments.end() && at->is_out()) ++at;
    if (at == form.arguments.end() || at->type != argument.type || at->name != argument.name) return false;
    ++at;
  }
  return std::all_of(at, form.arguments.end(), [](const Argument& a) { return a.is_out(); });
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
  const auto outs = std::count_if(form.arguments.begin(), form.arguments.end(),
                                  [](const Argument& a) { return a.is_out(); });
  const auto written = std::count_if(form.arguments.begin(), form.arguments.end(), declares_write);
  if (outs != static_cast<std::ptrdiff_t>(functional.returns.size()) || written != outs) return false;
  size_t r = 0;
  for (const Argument& argument : form.arguments)
    if (argument.is_out() && argument.type != functional.returns[r++].type) return false;
  return takes_the_same(functional, form);
}

// A tensor of its own, not one of a list or an optional one.
bool takes_a_tensor(const engine::Schema& functional) {
  return std::any_of(functional.arguments.begin(), functional.arguments.end(),
                     [](const Argument& a) { return a.type.kind == engine::TypeKind::tensor; });
}

// What out's dtype decides is not a result to be cast: factories, and operators that take a dtype.
bool takes_its_dtype_from_out(const engine::Schema& functional) {
  const auto& arguments = functional.arguments;
  return std::none_of(arguments.begin(), arguments.end(),
                      [](const Argument& a) { return engine::holds_tensor(a.type); }) ||
         std::any_of(arguments.begin(), arguments.end(), [](const Argument& a) { return a.name == "dtype"; });
}

}  // namespace

bool reads_what_it_writes(OutState state) {
  return state == OutState::shared || state == OutState::overlapping;
}

std::vector<Form> other_forms(const corpora::Catalog& catalog, const Operator& functional) {
  std::vector<Form> forms;
  if (!is_functional(functional.schema)) return forms;
  const std::string base(base_of(functional));
  const auto& all = catalog.operators();
  auto at = std::lower_bound(all.begin(), all.end(), base,
                             [](const Operator& op, const std::string& name) { return op.name < name; });
  for (; at != all.end() && at->name.compare(0, base.size(), base) == 0; ++at) {
    if (base_of(*at).size() == base.size() + 1 && at->schema.name.back() == '_') {
      const bool same_overload = at->schema.overload == functional.schema.overload;
      if (same_overload && is_in_place_of(functional.schema, at->schema))
        forms.push_back({&*at, OutState::none});
    } else if (base_of(*at) == base && is_out_of(functional.schema, at->schema)) {
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
