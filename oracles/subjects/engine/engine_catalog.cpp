#include "oracles/subjects/engine/engine_catalog.h"

#include <utility>

#include "engine/ops/register_operators.h"
#include "oracles/dispatch/dispatch_operator.h"

namespace oracles {

namespace {

bool changes_geometry(const engine::ops::DeclaredForm& declared) {
  if (!declared.declaration || declared.form != engine::ops::Form::in_place) return false;
  return declared.declaration->kind == engine::ops::OperatorKind::view ||
         declared.declaration->changes_geometry;
}

}  // namespace

corpora::Catalog catalog_of(const engine::Dispatcher& dispatcher) {
  std::vector<corpora::Operator> operators{program_operator()};
  for (const engine::Operator& each : dispatcher.operators()) {
    if (!each.has_schema()) continue;
    corpora::Operator op;
    op.schema = each.schema();
    op.name = each.name();
    op.changes_geometry = changes_geometry(engine::ops::declared_form(op.name));
    operators.push_back(std::move(op));
  }
  return corpora::Catalog(std::move(operators));
}

corpora::Domains domains_of(const corpora::Catalog& catalog) {
  std::string text(corpora::Domains::torch_text());
  for (const corpora::Operator& op : catalog.operators()) {
    const engine::ops::DeclaredForm declared = engine::ops::declared_form(op.name);
    if (declared.declaration && !declared.declaration->domain.empty())
      text += "\n" + op.name + " : " + declared.declaration->domain;
  }
  return corpora::Domains::parse(text + "\n", "engine.domains");
}

}  // namespace oracles
