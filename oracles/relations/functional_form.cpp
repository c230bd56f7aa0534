#include "oracles/relations/functional_form.h"

#include <algorithm>

#include "oracles/compare/element_bytes.h"
#include "oracles/relations/forms.h"
#include "oracles/trial/effects.h"

namespace oracles {

namespace {

using corpora::Operator;

// The functional operator of which `written` is an in-place or out= form.
const Operator* functional_of(const corpora::Catalog& catalog, const Operator& written) {
  if (std::ranges::none_of(written.schema.arguments, declares_write)) return nullptr;
  std::string_view base = written.schema.name;
  if (base.ends_with('_')) base.remove_suffix(1);
  const auto& all = catalog.operators();
  for (auto at = std::ranges::lower_bound(all, base, {}, &Operator::name);
       at != all.end() && at->name.starts_with(base); ++at)
    if (std::ranges::count(other_forms(catalog, *at), &written, &Form::op) > 0) return &*at;
  return nullptr;
}

bool holds(const TensorSnapshot& written, const TensorSnapshot& returned) {
  if (written.sizes != returned.sizes) return false;
  if (!written.has_values || !returned.has_values) return true;
  return written.values == (written.dtype == returned.dtype
                                ? returned.values
                                : converted(returned.values, returned.dtype, written.dtype));
}

}  // namespace

std::optional<corpora::Case> with_functional_form(Trial& trial, int call) {
  const auto at = static_cast<size_t>(call);
  const Operator& written = *trial.operators()[at];
  const Operator* functional = functional_of(trial.subject().catalog(), written);
  if (!functional) return std::nullopt;
  corpora::Case other = trial.test_case();
  other.calls.resize(at + 1);
  corpora::Call& rewritten = other.calls.back();
  rewritten.op = functional->name;
  std::vector<corpora::Value> arguments;
  for (size_t i = 0; i < rewritten.arguments.size(); ++i)
    if (!written.schema.arguments[i].is_out()) arguments.push_back(rewritten.arguments[i]);
  rewritten.arguments = std::move(arguments);
  rewritten.names.clear();
  const bool same_arguments = rewritten.arguments.size() == functional->schema.arguments.size();
  return same_arguments && corpora::fault_of(other).empty() ? std::optional(std::move(other)) : std::nullopt;
}

bool functional_form_differs(Trial& trial, int call, const corpora::Path& path) {
  const CallOutcome& written = trial.direct().calls[static_cast<size_t>(call)];
  if (written.status != Status::returned) return false;
  const std::optional<corpora::Case> program = with_functional_form(trial, call);
  if (!program) return false;
  const Outcome functional = trial.run(*program, {}, path);
  if (!functional.returned()) return true;
  return !std::ranges::equal(tensor_results(written), tensor_results(functional.last()),
                             [](const TensorSnapshot* l, const TensorSnapshot* r) { return holds(*l, *r); });
}

}  // namespace oracles
