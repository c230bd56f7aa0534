#include "oracles/subjects/engine/engine_subject.h"

#include <algorithm>

#include "engine/core/input_error.h"
#include "engine/dispatch/table_text.h"
#include "oracles/broken/dispatch/broken_machine.h"
#include "oracles/dispatch/program_operator.h"

namespace oracles {

namespace {

corpora::Catalog catalog_of(const engine::Dispatcher& dispatcher) {
  std::vector<corpora::Operator> operators{program_operator()};
  for (const engine::Operator& each : dispatcher.operators()) {
    if (!each.has_schema()) continue;
    corpora::Operator op;
    op.schema = each.schema();
    op.name = each.name();
    operators.push_back(std::move(op));
  }
  return corpora::Catalog(std::move(operators));
}

}  // namespace

EngineSubject::EngineSubject(const SubjectOptions& options) {
  if (!options.load.empty())
    throw engine::InputError("--load", "the engine subject loads no libraries yet: " + options.load.front());
  machine_ = options.plant.empty() ? std::make_unique<EngineMachine>() : broken_dispatch(options.plant);
  if (!machine_) throw engine::InputError("--plant", "the engine has no planted bug " + options.plant);
  catalog_ = catalog_of(dispatcher_);
}

std::string EngineSubject::refuses(const corpora::Case& c, const corpora::Path& path) const {
  if (c.program.empty()) return "the engine subject runs dispatch programs only";
  return path.empty() ? "" : "a dispatch program has no paths";
}

// The oracle steps through the program; running it by itself shows nothing.
Outcome EngineSubject::run(const corpora::Case&, const corpora::Image&, const corpora::Path&) {
  Outcome outcome;
  outcome.calls.emplace_back();
  return outcome;
}

std::string EngineSubject::table(std::string_view op) const {
  const std::optional<engine::Operator> found = dispatcher_.find(op);
  return found ? engine::table_text(found->entry()) : "";
}

std::vector<std::string> EngineSubject::key_names(uint64_t keys) const {
  std::vector<std::string> names;
  for (engine::DispatchKey key : engine::KeySet::from_raw(keys).keys())
    names.emplace_back(engine::name_of(key));
  std::reverse(names.begin(), names.end());
  return names;
}

std::vector<std::string> EngineSubject::all_keys() const { return key_names(engine::KeySet::full().raw()); }

}  // namespace oracles
