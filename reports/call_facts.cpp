#include "reports/call_facts.h"

#include <algorithm>

namespace reports {
namespace {

// Whether the path transforms a tensor of the argument that is an input of the case.
bool is_transformed_input(const Finding& finding, const corpora::Value& argument) {
  bool transformed = false;
  corpora::for_each_tensor(argument, [&](const corpora::TensorRef& ref) {
    if (!ref.is_input()) return;
    const int32_t storage = finding.minimal.inputs[static_cast<size_t>(ref.index)].storage;
    transformed = transformed || corpora::transforms(finding.verdict.right, storage);
  });
  return transformed;
}

bool is_list(const engine::Type& type) { return type.kind == engine::TypeKind::list; }

bool is_first_result(const engine::Schema& schema, const engine::Argument& argument) {
  if (schema.returns.empty()) return false;
  const auto& alias = schema.returns.front().alias;
  return alias && alias->write && alias->before == argument.alias->before;
}

}  // namespace

std::vector<std::string> call_facts(const Finding& finding) {
  const auto number = static_cast<size_t>(std::max(finding.verdict.divergence.call, 0));
  if (number >= finding.minimal.calls.size()) return {};
  const corpora::Call& call = finding.minimal.calls[number];
  const engine::Schema* schema = schema_of(finding, call.op);
  if (!schema) return {};
  std::vector<std::string> facts;
  if (std::ranges::any_of(schema->returns, [](const auto& returned) { return is_list(returned.type); }))
    facts.emplace_back("returns:list");
  if (std::ranges::any_of(schema->arguments, [](const engine::Argument& argument) {
        return argument.is_write() && is_list(argument.type);
      }))
    facts.emplace_back("written:list");
  for (size_t i = 0; i < std::min(schema->arguments.size(), call.arguments.size()); ++i) {
    const engine::Argument& argument = schema->arguments[i];
    if (!argument.is_write() || !is_transformed_input(finding, call.arguments[i])) continue;
    facts.emplace_back(is_first_result(*schema, argument) ? "written:first-result"
                                                          : "written:not-first-result");
    break;
  }
  return facts;
}

}  // namespace reports
