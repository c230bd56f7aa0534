#include "oracles/trial/ties.h"

namespace oracles {

namespace {

bool is_stable(const engine::Schema& schema, const corpora::Call& call) {
  for (size_t i = 0; i < schema.arguments.size() && i < call.arguments.size(); ++i)
    if (schema.arguments[i].name == "stable") return call.arguments[i] == corpora::Value::of_boolean(true);
  return false;
}

}  // namespace

bool orders_ties_differently(const corpora::Operator& op, const corpora::Call& call, const Compared& found) {
  if (op.schema.name != "aten::sort" && op.schema.name != "aten::argsort") return false;
  const int indices = static_cast<int>(op.schema.returns.size()) - 1;
  return found.result == indices && found.dtype == engine::DType::i64 && !is_stable(op.schema, call);
}

}  // namespace oracles
