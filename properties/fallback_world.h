// FallbackWorld: an engine subject, with operators of the laws' own that tell what reached them, and perhaps
// with a mistake put over a fallback.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "corpora/case/choice_source.h"
#include "corpora/case/image.h"
#include "oracles/compare/comparator.h"
#include "oracles/planted/fallbacks/broken_fallbacks.h"
#include "oracles/subjects/engine/engine_subject.h"

namespace properties {

// One drawn call, and what its declaration says of it.
struct Scene {
  corpora::Case c;
  corpora::Image image;
  const corpora::Operator* op = nullptr;

  // Storages that an argument shows which is written, or one which is not.
  std::vector<int32_t> storages(bool written) const;
  // The written tensors, and whether another tensor of theirs is read, or shows an element twice.
  bool writes_what_it_reads() const;
};

class FallbackWorld {
 public:
  FallbackWorld();
  void break_with(const oracles::BrokenFallback& broken);

  engine::Dispatcher& dispatcher() { return subject_.dispatcher(); }
  oracles::EngineSubject& subject() { return subject_; }
  // Positional arguments, as many as the schema has.
  engine::Stack call(std::string_view name, std::vector<engine::Value> arguments);
  engine::Tensor operator()(std::string_view name, std::vector<engine::Value> arguments);

  // A call of one of the operators for which wants() is true.
  Scene drawn(corpora::ChoiceSource& choices, bool (*wants)(const corpora::Operator&));
  // Empty where the two paths agree under the rules, or one cannot be walked.
  std::string difference(const Scene& scene, const corpora::Path& left, const corpora::Path& right,
                         oracles::Comparison rules);
  std::optional<oracles::Outcome> run(const Scene& scene, const corpora::Path& path);

  // Told by law::see and law::draw_.
  std::vector<engine::Value> seen;
  int64_t numbers_drawn = 0;

 private:
  void define(std::string_view schema, engine::Kernel kernel);

  oracles::EngineSubject subject_;
  engine::Registrations own_, broken_;
};

// "...: " and the case with the path, ready for `faultline replay`.
std::string with_text(std::string_view fault, const Scene& scene, const corpora::Path& path);

}  // namespace properties
