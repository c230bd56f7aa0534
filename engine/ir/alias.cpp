#include "engine/ir/alias.h"

#include <fmt/core.h>

#include <algorithm>

#include "engine/core/error.h"
#include "engine/ops/declaration.h"

namespace engine::ir {

namespace {

// The operators for which the analysis has a function.
constexpr std::array special_cases{Primitive::constant_chunk, Primitive::fused_concat};

bool has_function(std::string_view name) {
  return std::any_of(special_cases.begin(), special_cases.end(),
                     [&](Primitive primitive) { return name_of(primitive) == name; });
}

// The names of the sets of an annotation, also those of a container's elements.
std::vector<std::string> names_in(const std::optional<AliasInfo>& alias) {
  if (!alias) return {};
  std::vector<std::string> names = alias->before;
  names.insert(names.end(), alias->after.begin(), alias->after.end());
  for (const AliasInfo& each : alias->contained)
    for (std::string& name : names_in(each)) names.push_back(std::move(name));
  return names;
}

bool have_common(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return std::any_of(a.begin(), a.end(),
                     [&](const std::string& name) { return std::find(b.begin(), b.end(), name) != b.end(); });
}

}  // namespace

std::string_view name_of(AliasKind kind) {
  constexpr std::array<std::string_view, 4> names{"special case", "conservative", "from schema",
                                                  "pure function"};
  return names[static_cast<size_t>(kind)];
}

AliasKinds::AliasKinds() {
  for (const Primitive primitive : special_cases)
    set(std::string(name_of(primitive)), AliasKind::special_case);
}

AliasKind AliasKinds::of(const std::string& name) const {
  if (const auto found = kinds_.find(name); found != kinds_.end()) return found->second;
  return ops::declared_form(name).declaration ? AliasKind::from_schema : AliasKind::conservative;
}

std::vector<std::string> AliasKinds::faults() const {
  std::vector<std::string> lines;
  for (const auto& [name, kind] : kinds_)
    if (kind == AliasKind::special_case && !has_function(name))
      lines.push_back(name + " is a special case, but the analysis has no function for it");
  for (const Primitive primitive : special_cases)
    if (const std::string name(name_of(primitive)); of(name) != AliasKind::special_case)
      lines.push_back(
          fmt::format("the analysis has a function for {}, which is {}", name, name_of(of(name))));
  return lines;
}

AliasAnalysis::AliasAnalysis(const Graph& graph, const AliasKinds& kinds)
    : sets_(static_cast<size_t>(graph.value_count)),
      wildcard_(sets_.size(), false),
      written_(graph.nodes.size()),
      writes_all_(graph.nodes.size(), false) {
  if (const std::vector<std::string> faults = kinds.faults(); !faults.empty())
    throw Error(faults.front(), ErrorKind::internal);
  for (size_t i = 0; i < sets_.size(); ++i) sets_[i] = static_cast<int32_t>(i);
  for (const ValueId input : graph.inputs) make_wildcard(input);  // callers may pass one tensor twice
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    const Node& node = graph.nodes[i];
    switch (kinds.of(node.name())) {
      case AliasKind::special_case:
        if (node.primitive == Primitive::constant_chunk)
          for (const ValueId result : node.results) join(result, node.operands[0].use.value);
        break;
      case AliasKind::conservative:
        analyse_unknown(i, node);
        break;
      case AliasKind::from_schema:
        analyse_schema(i, node);
        break;
      case AliasKind::pure_function:
        break;
    }
  }
}

int32_t AliasAnalysis::set_of(ValueId value) const {
  int32_t set = value;
  while (sets_[static_cast<size_t>(set)] != set) set = sets_[static_cast<size_t>(set)];
  return set;
}

void AliasAnalysis::join(ValueId a, ValueId b) {
  const int32_t from = set_of(a), to = set_of(b);
  if (is_wildcard(a)) wildcard_[static_cast<size_t>(to)] = true;
  sets_[static_cast<size_t>(from)] = to;
}

bool AliasAnalysis::is_wildcard(ValueId value) const { return wildcard_[static_cast<size_t>(set_of(value))]; }

void AliasAnalysis::analyse_unknown(size_t index, const Node& node) {
  for_each_use(node, [&](const Use& use) {
    written_[index].push_back(use.value);
    make_wildcard(set_of(use.value));
  });
  writes_all_[index] = true;
  for (const ValueId result : node.results) make_wildcard(set_of(result));
}

void AliasAnalysis::analyse_schema(size_t index, const Node& node) {
  const Schema& schema = node.op->schema();
  for (size_t i = 0; i < node.operands.size(); ++i) {
    const Argument& argument = schema.arguments[i];
    const std::vector<std::string> names = names_in(argument.alias);
    const bool any = std::find(names.begin(), names.end(), "*") != names.end();
    for_each_use(node.operands[i], [&](const Use& use) {
      if (argument.is_write()) written_[index].push_back(use.value);
      if (any) make_wildcard(set_of(use.value));
      for (size_t r = 0; r < node.results.size(); ++r)
        if (have_common(names, names_in(schema.returns[r].alias))) join(node.results[r], use.value);
    });
  }
  for (size_t r = 0; r < node.results.size(); ++r) {
    const std::vector<std::string> names = names_in(schema.returns[r].alias);
    if (std::find(names.begin(), names.end(), "*") != names.end()) make_wildcard(set_of(node.results[r]));
  }
}

bool AliasAnalysis::may_alias(ValueId a, ValueId b) const {
  return set_of(a) == set_of(b) || (is_wildcard(a) && is_wildcard(b));
}

bool AliasAnalysis::may_write(size_t node, ValueId value) const {
  if (writes_all_[node] && is_wildcard(value)) return true;
  return std::any_of(written_[node].begin(), written_[node].end(),
                     [&](ValueId written) { return may_alias(written, value); });
}

}  // namespace engine::ir
