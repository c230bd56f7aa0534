// EngineWorld: an engine subject with additional operators, whose kernels record their arguments, and perhaps
// with a mistake in its dispatcher.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "corpora/case/image.h"
#include "oracles/compare/comparator.h"
#include "oracles/subjects/engine/engine_subject.h"
#include "properties/law.h"

namespace properties {

class EngineWorld {
 public:
  using Plant = std::function<engine::Registrations(engine::Dispatcher&)>;

  EngineWorld();
  explicit EngineWorld(const Plant& plant) : EngineWorld() { planted_ = plant(dispatcher()); }

  engine::Dispatcher& dispatcher() { return subject_.dispatcher(); }
  oracles::EngineSubject& subject() { return subject_; }
  const corpora::Catalog& catalog() const { return subject_.catalog(); }
  // Positional arguments, as many as the schema has.
  engine::Stack call(std::string_view name, std::vector<engine::Value> arguments);
  engine::Tensor operator()(std::string_view name, std::vector<engine::Value> arguments);

  // Nothing if the subject refuses the path.
  std::optional<oracles::Outcome> run(const Case& c, const corpora::Path& path);
  // The law that the two paths agree.
  Tried agree(const Case& c, const corpora::Path& left, const corpora::Path& right,
              oracles::Comparison rules = {});

  // Recorded by law::see and law::draw_.
  std::vector<engine::Value> seen;
  int64_t numbers_drawn = 0;

 private:
  void define(std::string_view schema, engine::Kernel kernel);

  oracles::EngineSubject subject_;
  engine::Registrations own_, planted_;
};

inline NamedWorld<EngineWorld> sound_engine() {
  return {"engine", [] { return std::make_unique<EngineWorld>(); }};
}
inline NamedWorld<EngineWorld> engine_with(std::string_view mistake, const EngineWorld::Plant& plant) {
  return {mistake, [plant] { return std::make_unique<EngineWorld>(plant); }};
}

}  // namespace properties
